using System.Collections.Frozen;
using System.Text;

namespace GenPrm.Core.Equality.Grammar;

/// <summary>Atoms that begin with a command. A new one is one entry here and its tests.</summary>
internal sealed partial class Parser
{
    private static readonly FrozenDictionary<string, Func<Parser, Node>> Commands = new Dictionary<string, Func<Parser, Node>>
    {
        ["frac"] = p => new Node.Quotient(p.FractionPart(), p.FractionPart()),
        ["sqrt"] = p => p.Root(),
        ["binom"] = p => new Node.Call("binom", [p.FractionPart(), p.FractionPart()]),
        ["log"] = p => p.Logarithm(),
        ["lfloor"] = p => p.Between("floor", "rfloor"),
        ["lceil"] = p => p.Between("ceil", "rceil"),
        ["{"] = p => p.Set(),
        ["langle"] = p => p.Angles(),
        ["sum"] = p => p.Series(isProduct: false),
        ["prod"] = p => p.Series(isProduct: true),
        ["overline"] = p => p.Overlined(),
        ["bar"] = p => p.Overlined(),
        ["vec"] = p => p.Arrow(),
        ["angle"] = p => p.Named("angle"),
        ["measuredangle"] = p => p.Named("angle"),
        ["triangle"] = p => p.Named("triangle"),
        ["pmod"] = p => new Node.Call("pmod", [p.Argument()]),
        ["emptyset"] = _ => new Node.Braced([]),
        ["tilde"] = p => p.Argument(),
        ["stackrel"] = p => p.Second(),
        ["sideset"] = p => throw p.Unexpected(),
        ["int"] = p => throw p.Unexpected(),
        ["iint"] = p => throw p.Unexpected(),
        ["oint"] = p => throw p.Unexpected(),
        ["lim"] = p => throw p.Unexpected(),
    }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>Whether <paramref name="name"/> is a command that some rule reads.</summary>
    public static bool Knows(string name) => Commands.ContainsKey(Vocabulary.Aliases.GetValueOrDefault(name, name)) || Vocabulary.Noise.Contains(name)
        || Vocabulary.Upright.Contains(name) || Vocabulary.Functions.Contains(name) || Vocabulary.Signs.ContainsKey(name) || Vocabulary.Aliases.ContainsKey(name)
        || name is "begin" or "end" or "pi" or "infty" or "leq" or "geq" or "neq" or "in" or "cup" or "cap" or "pm" or "circ" or "mathbb" or "approx" or "theta" or "ldots";

    private Node Command()
    {
        var name = tokens[at++].Text;
        if (Commands.TryGetValue(name, out var rule))
            return rule(this);
        if (Vocabulary.Functions.Contains(name))
            return Function(name);
        if (name == "det" && Now.Kind == TokenKind.Begin)
            return Table() is Node.Table table ? table with { IsDeterminant = true } : throw Unexpected();
        if (Vocabulary.ListFunctions.Contains(name) && Now.Is('('))
            return new Node.Call(name, Arguments());
        if (IsInfix(name))
        {
            at--;
            throw Unexpected();
        }
        // Any other command is a letter: \alpha, \theta_1.
        var symbol = Name(name);
        return IsApplication(symbol) ? new Node.Application(symbol, Arguments()) : new Node.Symbol(symbol);
    }

    // One argument: a group, or one atom.
    private Node Argument()
    {
        while (Now.Is('^') || Now.Is('_'))
            throw Unexpected();
        return Signed(Atom);
    }

    // \frac12 and \binom52 take one digit each time; \frac{12}5 takes the group.
    private Node FractionPart()
    {
        if (Now.Kind != TokenKind.Number || Now.Text.Length < 2)
            return Argument();
        var token = Now;
        tokens[at] = new Token(TokenKind.Number, token.Text[1..], System.Numerics.BigInteger.Parse(token.Text.AsSpan(1), System.Globalization.CultureInfo.InvariantCulture));
        return new Node.Number(token.Text[0] - '0');
    }

    private Node.Root Root()
    {
        Node index = new Node.Number(2);
        if (Take('['))
        {
            index = Sum();
            if (!Take(']'))
                throw Unexpected();
        }
        return new Node.Root(Argument(), index);
    }

    // \log_2 8, \log^2 x; without a base it is "log", whose base the comparison tries.
    private Node Logarithm()
    {
        Node? radix = null;
        if (Take('_'))
            radix = Script();
        Node? power = null;
        if (Take('^'))
            power = Script();
        if (radix is null && Take('_'))
            radix = Script();
        var argument = FunctionArgument();
        var logarithm = new Node.Call("log", radix is null ? [argument] : [argument, radix]);
        return power is null ? logarithm : new Node.Power(logarithm, power);
    }

    // \sin^2 x is the square of the sine, \sin^{-1} x the arcsine.
    private Node Function(string name)
    {
        Node? power = null;
        if (Take('^'))
            power = Script();
        if (power is Node.Number { Value: var value } && value == -1)
        {
            power = null;
            name = name.StartsWith("arc", StringComparison.Ordinal) ? name[3..] : "arc" + name;
        }
        var call = new Node.Call(name, [FunctionArgument()]);
        return power is null ? call : new Node.Power(call, power);
    }

    // A bracket is the whole argument. Else factors up to the next sign or function: \sin 2x\cos y.
    private Node FunctionArgument()
    {
        budget.Enter();
        Node argument;
        if (Now.Is('(') || Now.Is('{') || Now.Is('[') || Now.Is('|'))
        {
            argument = Factor();
        }
        else
        {
            var factors = new List<Node> { Signed(Factor) };
            while (StartsFactor() && !Now.Is('(') && !(Now.Kind == TokenKind.Command && (Vocabulary.Functions.Contains(Now.Text) || Now.Text is "sum" or "prod" or "ldots")))
                factors.Add(Factor());
            argument = Product(factors, null);
        }
        budget.Leave();
        return argument;
    }

    private Node.Call Between(string function, string close)
    {
        var outer = bars;
        bars = 0;
        var content = Sum();
        bars = outer;
        return TakeCommand(close) ? new Node.Call(function, [content]) : throw Unexpected();
    }

    // \{1,2\}, \{x \mid x > 2\}
    private Node Set()
    {
        if (TakeCommand("}"))
            return new Node.Braced([]);
        ExpectItems();
        var (outer, start) = (bars, at);
        bars = 1;
        // Before a colon stands a name alone; otherwise the colon is a ratio's.
        var content = Now.Kind == TokenKind.Letter && Next.Is(':') ? Letter() : List();
        bars = outer;
        // A brace before a table of equations opens a system.
        if (content is Node.Listing && tokens[start].Kind == TokenKind.Begin)
            return content;
        var join = '∩';
        if (Now.Is('|') || Now.Is(':'))
        {
            var from = ++at;
            content = content is Node.Symbol or Node.Relation { Operators: ["∈"] } ? List() : throw Unexpected();
            join = tokens.GetRange(from, at - from).Exists(t => t.Kind == TokenKind.Word && t.Text == "or") ? '∪' : '∩';
        }
        else
        {
            content = new Node.Braced(content is Node.Listing listing ? listing.Items : [content]);
        }
        if (!TakeCommand("}") && !Take('}') && Now.Kind != TokenKind.End)
            throw Unexpected();
        return content is Node.Listing conditions ? conditions.Items.Aggregate((a, b) => new Node.SetOperation(join, a, b)) : content;
    }

    private Node.Bracketed Angles()
    {
        var content = List();
        if (!TakeCommand("rangle"))
            throw Unexpected();
        return new Node.Bracketed('(', content is Node.Listing listing ? listing.Items : [content], ')');
    }

    // \sum_{k=1}^{n} body; the bounds may stand in either order.
    private Node.Series Series(bool isProduct)
    {
        Node? to = Take('^') ? Script() : null;
        if (!Take('_') || Script() is not Node.Relation { Operands: [Node.Symbol index, var from], Operators: ["="] })
            throw Unexpected();
        to ??= Take('^') ? Script() : throw Unexpected();
        budget.Enter();
        var body = Signed(Term);
        budget.Leave();
        return new Node.Series(isProduct, index.Name, from, to, body);
    }

    // \angle ABC, \overline{AB}: the letters are one name.
    private Node.Symbol Named(string kind)
    {
        var name = new StringBuilder(kind).Append(' ');
        var braced = Take('{');
        while (Now.Kind is TokenKind.Letter or TokenKind.Word or TokenKind.Number && (braced || Now.Kind != TokenKind.Number))
            name.Append(Name(Spelled(tokens[at++])));
        if (braced && !Take('}'))
            throw Unexpected();
        return name.Length > kind.Length + 1 ? new Node.Symbol(name.ToString()) : throw Unexpected();
    }

    // \vec{AB} leads from A to B; \vec{v} is v.
    private Node Arrow() => Now.Is('{') && Next.Kind == TokenKind.Letter && tokens[Math.Min(at + 2, tokens.Count - 1)].Kind == TokenKind.Letter ? Named("vec") : Argument();

    // \overline{AB} is a name, \overline{1+i} a conjugate.
    private Node Overlined()
    {
        var last = at + 1;
        while (last < tokens.Count && tokens[last].Kind is TokenKind.Letter or TokenKind.Word or TokenKind.Number)
            last++;
        return Now.Is('{') && !tokens[last].Is('}') && !tokens[last].Is('_') && !tokens[last].Is('\'') ? new Node.Call("conj", [Argument()]) : Named("overline");
    }

    private Node Second()
    {
        Argument();
        return Argument();
    }
}
