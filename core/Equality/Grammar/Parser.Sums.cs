using GenPrm.Core.Equality.Values;

namespace GenPrm.Core.Equality.Grammar;

/// <summary>Sums, products, powers and what stands behind a factor.</summary>
internal sealed partial class Parser
{
    private Node Sum()
    {
        budget.Enter();
        var terms = new List<Node> { Signed(Term) };
        while (true)
        {
            if (Now.Is('+') || Now.Is('-') || Now.IsCommand("pm") || Now.IsCommand("mp"))
                terms.Add(Signed(Term));
            else
                break;
        }
        var sum = terms.Count == 1 ? terms[0] : new Node.Sum(terms);
        if (TakeCommand("choose"))
            sum = new Node.Call("binom", [sum, Sum()]);
        budget.Leave();
        return sum;
    }

    // Any run of signs, then what they stand before.
    private Node Signed(Func<Node> operand)
    {
        var negative = false;
        bool? minusFirst = null;
        while (true)
        {
            if (Take('-') || TakeMinusWord())
                negative = !negative;
            else if (TakeCommand("pm"))
                minusFirst = false;
            else if (TakeCommand("mp"))
                minusFirst = true;
            else if (!Take('+'))
                break;
        }
        var value = operand();
        if (minusFirst is { } which)
            return new Node.PlusMinus(value, which != negative);
        return !negative ? value : value is Node.Number number ? number with { Value = -number.Value } : new Node.Negative(value);
    }

    // minus 5, negative 5
    private bool TakeMinusWord()
    {
        if (Now.Kind != TokenKind.Word || !(Next.Kind == TokenKind.Number || Next.IsCommand("frac") || Next.IsCommand("sqrt")) || Now.Text.ToLowerInvariant() is not ("minus" or "negative"))
            return false;
        at++;
        return true;
    }

    private Node Term()
    {
        var first = Factor();
        if (first is Node.Words)
            return first;
        var factors = new List<Node> { first };
        var letters = IsLetter(at - 1) && first is Node.Symbol ? tokens[at - 1].Text : null;
        for (var chain = 0; ;)
        {
            budget.Spend(1);
            if (chain > Budget.Chain)
                throw new TooLargeException();
            if (Take('*'))
            {
                letters = null;
                factors.Add(Signed(Factor));
            }
            else if (Take('/'))
            {
                letters = null;
                chain++;
                var divisor = Signed(Factor);
                factors = [new Node.Quotient(Product(factors, null), divisor)];
            }
            else if (Now.IsCommand("bmod") || Now.IsCommand("mod") || (Now.Kind == TokenKind.Word && Now.Text == "mod"))
            {
                at++;
                chain++;
                factors = [new Node.Call("mod", [Product(factors, null), Factor()])];
            }
            else if (StartsFactor())
            {
                var letter = Now;
                var start = at;
                factors.Add(Factor());
                letters = letters is not null && letter.Kind == TokenKind.Letter && at == start + 1 ? letters + letter.Text : null;
            }
            else
            {
                return Product(factors, letters);
            }
        }
    }

    private bool IsLetter(int index) => index >= 0 && tokens[index].Kind == TokenKind.Letter;

    private static Node Product(List<Node> factors, string? letters)
        => factors.Count == 1 ? factors[0] : new Node.Product(factors, letters is { Length: > 1 } ? letters : null);

    // Whether a factor may follow without a sign between.
    private bool StartsFactor() => Now.Kind switch
    {
        TokenKind.Letter => !IsUnionLetter() && !(Now.Upright && at > 0 && !tokens[at - 1].Upright && Now.Text is not ("e" or "i")),
        TokenKind.Number => tokens[at - 1].Kind != TokenKind.Number,
        TokenKind.Begin => true,
        TokenKind.Sign => (Now.Text[0] is '(' && !IsUnit(Next) && !IsDeclaration()) || Now.Text[0] is '{' or '[' || (Now.Text[0] == '|' && bars == 0),
        TokenKind.Command => !IsInfix(Now.Text) && !(IsUnit(Now) && tokens[at - 1].Kind == TokenKind.Number) && !(Now.IsCommand("mu") && IsUnit(Next)),
        _ => false,
    };

    private static bool IsInfix(string command) => command is "land" or "lor" or "}" or "rangle" or "rfloor" or "rceil" or "cup" or "cap" or "setminus" or "pm" or "mp" or "choose"
        or "leq" or "geq" or "neq" or "in" or "approx" or "equiv" or "to" or "rightarrow" or "Rightarrow" or "implies" or "mapsto" or "sim" or "cong" or "propto" or "subset"
        or "subseteq" or "notin" or "not" or "perp" or "parallel" or "iff" or "Leftrightarrow" or "bmod" or "mod" or "atop" or "over";

    private Node Factor()
    {
        budget.Enter();
        var value = Atom();
        for (var postfixes = 0; ; postfixes++)
        {
            if (postfixes > Budget.Chain)
                throw new TooLargeException();
            if (Take('^'))
                value = Exponent(value);
            else if (Now.Is('!') && !(Next.Is('=') && !Next.Spaced && value is not Node.Number))
                value = Factorial(value);
            else if (Now.Is('_') && value is Node.Number { Value: { IsInteger: true, Sign: >= 0 } digits })
                value = BasedNumber(digits);
            else if (Take('%'))
                value = new Node.Percent(value);
            else if (Now.IsCommand("circ"))
                value = DegreeSign(value);
            else if (Now.IsCommand("over") && at++ > 0)
                value = new Node.Quotient(value, Factor());
            else
                break;
        }
        budget.Leave();
        return value;
    }

    // {st}, {nd}, {rd}, {th}, upright or not
    private bool Ordinal()
    {
        var (start, braced) = (at, Take('{'));
        var ending = "";
        while (ending.Length < 3 && Now.Kind is TokenKind.Letter or TokenKind.Word)
            ending += tokens[at++].Text;
        if (ending is "st" or "nd" or "rd" or "th" && (!braced || Take('}')))
            return true;
        at = start;
        return false;
    }

    private Node Exponent(Node value)
    {
        budget.Enter();
        var power = Raised(value);
        budget.Leave();
        return power;
    }

    private Node Raised(Node value)
    {
        if (Now.Is('{') && Next.IsCommand("circ"))
        {
            at++;
            value = DegreeSign(value);
            if (!Take('}'))
                throw Unexpected();
            return AfterDegrees(value);
        }
        if (Now.IsCommand("circ"))
            return AfterDegrees(DegreeSign(value));
        if (Now.IsCommand("prime") || Now.Is('\''))
        {
            at++;
            return value is Node.Symbol symbol ? new Node.Symbol(symbol.Name + "'") : throw Unexpected();
        }
        // 3^{rd} is 3.
        if (IsInteger(value) && Ordinal())
            return value;
        // Towers are built from above: 2^3^2 is 2^9.
        var script = Script();
        return new Node.Power(value, Take('^') ? Exponent(script) : script);
    }

    // 20 °C: the scale is the unit. 22° 30′ are minutes of arc, of which there are sixty.
    private Node AfterDegrees(Node value)
    {
        if (value is Node.Degrees { Operand: Node.Number } degrees && Now.Kind == TokenKind.Number && Now.Value < 60 && (Next.Is('\'') || Next.Is('^')))
        {
            var minutes = tokens[at++].Value;
            var braced = Take('^') && Take('{');
            if (!Take('\'') || (braced && !Take('}')))
                throw Unexpected();
            return new Node.Degrees(new Node.Sum([degrees.Operand, new Node.Number(minutes / 60)]));
        }
        if (Now.Kind == TokenKind.Letter && Now.Text is "C" or "F" && !Next.Is('('))
            return new Node.Measured(value, tokens[at++].Text == "C" ? "celsius" : "fahrenheit");
        return value;
    }

    // What stands behind ^ or _: a group, or one signed atom. A whole number counts as one atom, as no one means x^{1}0 by x^10; no fraction behind it belongs to it.
    private Node Script()
    {
        budget.Enter();
        var script = Signed(() => Now.Kind switch
        {
            TokenKind.Number => new Node.Number(Now.Value, tokens[at++].Digits),
            TokenKind.Command when Vocabulary.Functions.Contains(Now.Text) => Factor(),
            _ => Atom(),
        });
        budget.Leave();
        return script;
    }

    // (101)_2
    private Node BasedNumber(Rational digits)
    {
        at++;
        return InBase(digits.ToString(), Subscript());
    }

    private Node.Degrees DegreeSign(Node value)
    {
        at++;
        return new Node.Degrees(value);
    }

    private Node.Call Factorial(Node value)
    {
        at++;
        if (Now.Is('!') && !Next.Is('='))
        {
            at++;
            return new Node.Call("doublefactorial", [value]);
        }
        return new Node.Call("factorial", [value]);
    }

    private static bool IsInteger(Node node) => node is Node.Number { Value.IsInteger: true, Digits: 0 };

    // 3\frac{1}{2} and 3 1/2 are mixed numbers; 3\frac{7}{2} and 3\frac{x}{2} are products.
    private static bool IsProper(Node node) => node is Node.Quotient { Dividend: Node.Number top, Divisor: Node.Number bottom }
        && IsInteger(top) && IsInteger(bottom) && top.Value.Sign > 0 && top.Value < bottom.Value;

    private Node MixedNumber(Node.Number whole)
    {
        if (Now.IsCommand("frac"))
        {
            at++;
            var fraction = Commands["frac"](this);
            return IsProper(fraction) ? new Node.Sum([whole, fraction]) : new Node.Product([whole, fraction]);
        }
        if (Now.Kind == TokenKind.Number && Now.Spaced && Next.Is('/') && tokens[Math.Min(at + 2, tokens.Count - 1)].Kind == TokenKind.Number)
        {
            var fraction = new Node.Quotient(new Node.Number(Now.Value), new Node.Number(tokens[at + 2].Value));
            if (IsProper(fraction))
            {
                at += 3;
                return new Node.Sum([whole, fraction]);
            }
        }
        return whole;
    }
}
