using System.Text;

namespace GenPrm.Core.Equality.Grammar;

/// <summary>Relations, ratios, unions, and units after values.</summary>
internal sealed partial class Parser
{
    private Node Relation()
    {
        if (Bound() is { } bound)
            return bound;
        if (Range() is { } range)
            return range;
        var first = Ratio();
        if (Logic(first) is { } logic)
            return logic;
        if (Operator() is not { } symbol)
            return first;
        var (operands, operators) = (new List<Node> { first }, new List<string>());
        for (string? next = symbol; next is not null; next = Operator())
        {
            budget.Spend(100);
            operators.Add(next);
            // No set stands beside <, and no ratio beside ∈: x<1 ∪ x>2 joins two relations, {x ∈ R : x>2} begins a condition.
            operands.Add(next is "<" or "≤" or ">" or "≥" or "≠" ? Measured() : next == "∈" ? Union() : Ratio());
        }
        Remark();
        var relation = new Node.Relation(operands, operators);
        if (SetSign() is var join and not '\0')
        {
            at++;
            budget.Enter();
            var joined = new Node.SetOperation(join, relation, Relation());
            budget.Leave();
            return joined;
        }
        return relation;
    }

    // p ∨ q is a statement; x = 1 ∨ x = 2 and 1 ∨ 2 are lists.
    private Node.Relation? Logic(Node first)
    {
        if (!(Now.IsCommand("land") || Now.IsCommand("lor")) || !IsProposition(first))
            return null;
        var (operands, operators) = (new List<Node> { first }, new List<string>());
        while (Now.IsCommand("land") || Now.IsCommand("lor"))
        {
            operators.Add(tokens[at++].Text == "land" ? "∧" : "∨");
            operands.Add(Ratio());
        }
        return new Node.Relation(operands, operators);
    }

    private static bool IsProposition(Node node) => node is Node.Symbol or Node.Application or Node.Relation { Operators: ["∧" or "∨", ..] } or Node.Product { Factors: [Node.Symbol { Name: "neg" or "lnot" }, ..] };

    private string? Operator()
    {
        var symbol = Now.Kind switch
        {
            TokenKind.Sign => Now.Text[0] switch
            {
                '=' => "=",
                '<' => Next.Is('=') ? "<=" : "<",
                '>' => Next.Is('=') ? ">=" : ">",
                '!' when Next.Is('=') => "!=",
                ':' when Next.Is('=') => ":=",
                _ => null,
            },
            TokenKind.Command => Now.Text switch
            {
                "leq" => "≤",
                "geq" => "≥",
                "neq" => "≠",
                "in" => "∈",
                "approx" => "≈",
                "equiv" => "≡",
                "not" when Next.Is('=') => "!=",
                "to" or "rightarrow" or "Rightarrow" or "implies" or "mapsto" or "sim" or "cong" or "propto" or "subset" or "subseteq" or "notin" or "perp" or "parallel" or "iff" or "Leftrightarrow"
                    => @"\" + Now.Text,
                _ => null,
            },
            _ => null,
        };
        if (symbol is null)
            return null;
        at += symbol.Length == 2 && symbol[0] != '\\' ? 2 : 1;
        if (symbol == "=" && Take('='))
            return symbol;
        return symbol switch { "<=" => "≤", ">=" => "≥", "!=" => "≠", ":=" => "=", _ => symbol };
    }

    private Node Ratio()
    {
        var first = Union();
        if (!(Now.Is(':') || IsTo()) || Next.Is('='))
            return first;
        // "Answer: 5" names what follows.
        if (first is Node.Words)
        {
            at++;
            budget.Enter();
            var named = Relation();
            budget.Leave();
            return named;
        }
        var terms = new List<Node> { first };
        while (!Next.Is('=') && (Take(':') || TakeTo()))
            terms.Add(Union());
        return new Node.Ratio(terms);
    }

    // 3 to 4
    private bool IsTo() => Now.Kind == TokenKind.Word && Now.Text == "to" && Next.Kind == TokenKind.Number;

    private bool TakeTo()
    {
        if (!IsTo())
            return false;
        at++;
        return true;
    }

    private Node Union()
    {
        var left = Measured();
        for (var chain = 0; ; chain++)
        {
            var symbol = SetSign();
            if (symbol == '\0')
                return left;
            if (chain > Budget.Chain)
                throw new TooLargeException();
            at++;
            left = new Node.SetOperation(symbol, left, Measured());
        }
    }

    private char SetSign() => Now.IsCommand("cup") || IsUnionLetter() ? '∪' : Now.IsCommand("cap") ? '∩' : Now.IsCommand("setminus") ? '∖' : '\0';

    // (1,2) U (3,4)
    private bool IsUnionLetter() => (Now.Kind == TokenKind.Letter && Now.Text == "U" && (Next.Is('(') || Next.Is('[') || Next.IsCommand("{")) && at > 0
            && (tokens[at - 1].Is(')') || tokens[at - 1].Is(']') || tokens[at - 1].IsCommand("}")))
        || (Now.Kind == TokenKind.Word && Now.Text is "cup" or "union");

    private Node Measured()
    {
        var value = Sum();
        while (Now.Is('(') && IsUnit(Next))
            Aside();
        while (value is not Node.Words && Now.Kind == TokenKind.Word && NumberWords.Scale(Now.Text) is { } scale)
        {
            at++;
            budget.Spend(100);
            value = new Node.Product([value, new Node.Number(scale)]);
        }
        while (value is not Node.Words && PowerWord() is { } exponent)
            value = new Node.Power(value, new Node.Number(exponent));
        if (value is Node.Words || !(IsUnit(Now) || (Now.IsCommand("mu") && IsUnit(Next))) || IsTo() || Remark())
            return value;
        // 5 out of 6
        if (Now.IsWord("out") && Next.IsWord("of") && tokens[at + 2].Kind == TokenKind.Number)
        {
            at += 2;
            return new Node.Quotient(value, Atom());
        }
        var unit = Unit();
        if (unit is "doubled" or "tripled" or "halved" or "factorial" || unit.EndsWith(" than", StringComparison.Ordinal))
            throw Unexpected();
        // 5 feet 6 inches
        if (Now.Kind == TokenKind.Number && Units.IsKnown(unit))
        {
            budget.Enter();
            value = new Node.Sum([new Node.Measured(value, unit), Measured()]);
            budget.Leave();
            return value;
        }
        Remark();
        return unit switch
        {
            "percent" or "pct" or "percentage" or "percents" => new Node.Percent(value),
            "degrees" or "degree" or "deg" => new Node.Degrees(value),
            _ => new Node.Measured(value, unit),
        };
    }

    // 5 squared
    private int? PowerWord()
    {
        var exponent = Now.IsWord("squared") ? 2 : Now.IsWord("cubed") ? 3 : default(int?);
        at += exponent is null ? 0 : 1;
        return exponent;
    }

    // 12 (cm), 3.5 (approximately)
    private void Aside()
    {
        while (Now.Kind != TokenKind.End && !Now.Is(')'))
            at++;
        Take(')');
    }

    private static bool IsUnit(Token token) => token.Kind switch
    {
        TokenKind.Word => !Vocabulary.Joiners.Contains(token.Text.ToLowerInvariant()) && token.Text is not ("cup" or "union"),
        TokenKind.Letter => token.Upright,
        TokenKind.Command => token.Text == "Omega",
        TokenKind.Sign => Units.OfMoney(token.Text[0]) is not null,
        _ => false,
    };

    // cm, square feet, miles per hour, km/h, cm^2, m/s^2. Powers are written behind: "cm^2".
    private string Unit()
    {
        var unit = new StringBuilder();
        while (true)
        {
            budget.Spend(1);
            // The micro sign of a unit.
            if (Now.IsCommand("mu") && IsUnit(Next))
            {
                unit.Append('μ').Append(Next.Text);
                at += 2;
            }
            else if (IsUnit(Now) && !IsRemark())
            {
                if (unit.Length > 0 && char.IsAsciiLetterOrDigit(unit[^1]))
                    unit.Append(' ');
                unit.Append(Now.Kind == TokenKind.Sign ? Units.OfMoney(Now.Text[0]) : Now.Text);
                at++;
            }
            else if (Now.Is('^'))
            {
                at++;
                var braced = Take('{');
                if (Now.Kind is not (TokenKind.Number or TokenKind.Letter or TokenKind.Command))
                    throw Unexpected();
                unit.Append('^').Append(tokens[at++].Text);
                if (braced)
                    Take('}');
            }
            else if ((Now.Is('/') && IsUnit(Next)) || (Now.Is('*') && IsUnit(Next)))
            {
                unit.Append(tokens[at++].Text);
            }
            else if (unit.Length > 0 && Now.Is('/') && Next.Kind == TokenKind.Letter && Units.IsKnown(Next.Text))
            {
                unit.Append('/').Append(Next.Text);
                at += 2;
            }
            else if (Now.Is('.') && IsUnit(Next) && unit.Length > 0)
            {
                at++;
            }
            else
            {
                return unit.ToString();
            }
        }
    }

    // "in" before a power, a sign or the end are inches: 12 in^2.
    private bool IsRemark() => Now.Kind == TokenKind.Word && Vocabulary.Remarks.Contains(Now.Text.ToLowerInvariant())
        && !(Now.Text == "in" && (Next.Kind is TokenKind.End or TokenKind.Row || (Next.Kind == TokenKind.Sign && Next.Text[0] is '^' or '.' or ',' or '/' or ')' or ';' or '}')));

    // "for every n", "where k is an integer": says when, not what. It ends with the item, or with a semicolon where commas go on.
    private bool Remark()
    {
        if (!IsRemark())
            return false;
        while (Now.Kind is not (TokenKind.End or TokenKind.EndOf or TokenKind.Row) && !Now.Is(';') && !Now.Is('&'))
            at++;
        return true;
    }
}
