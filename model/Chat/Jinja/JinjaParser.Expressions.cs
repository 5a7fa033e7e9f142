using System.Globalization;

namespace GenPrm.Model.Chat.Jinja;

/// <summary>Expressions, from the loosest binding to the tightest, as Jinja orders them. Long, since each level of binding is a method.</summary>
internal sealed partial class JinjaParser
{
    private static readonly string[] Comparisons = ["==", "!=", "<", "<=", ">", ">="];

    /// <summary>One expression, or several with commas between: a tuple.</summary>
    private JinjaExpression TupleExpression(bool withChoice = true)
    {
        var line = Current.Line;
        var first = withChoice ? Expression() : Or();
        if (Current is not { Kind: JinjaTokenKind.Operator, Value: "," })
            return first;
        var items = new List<JinjaExpression> { first };
        while (Accept(",") && StartsExpression())
            items.Add(withChoice ? Expression() : Or());
        return new JinjaExpression.List(line, items, IsTuple: true);
    }

    private bool StartsExpression() => Current.Kind is not (JinjaTokenKind.BlockEnd or JinjaTokenKind.PrintEnd or JinjaTokenKind.End)
        && Current is not { Kind: JinjaTokenKind.Operator, Value: ")" or "=" };

    private JinjaExpression Expression()
    {
        Deeper();
        var line = Current.Line;
        var value = Or();
        while (AcceptName("if"))
        {
            var condition = Or();
            value = new JinjaExpression.Choice(line, condition, value, AcceptName("else") ? Expression() : null);
        }

        depth--;
        return value;
    }

    private JinjaExpression Or()
    {
        var left = And();
        while (Current is { Kind: JinjaTokenKind.Name, Value: "or" })
            left = new JinjaExpression.Binary(tokens[place++].Line, "or", left, And());
        return left;
    }

    private JinjaExpression And()
    {
        var left = Not();
        while (Current is { Kind: JinjaTokenKind.Name, Value: "and" })
            left = new JinjaExpression.Binary(tokens[place++].Line, "and", left, Not());
        return left;
    }

    private JinjaExpression Not()
    {
        var line = Current.Line;
        if (!AcceptName("not"))
            return Comparison();
        Deeper();
        var negated = new JinjaExpression.Not(line, Not());
        depth--;
        return negated;
    }

    private JinjaExpression Comparison()
    {
        var line = Current.Line;
        var first = Sum();
        var rest = new List<(string, JinjaExpression)>();
        while (true)
        {
            if (Current.Kind == JinjaTokenKind.Operator && Comparisons.Contains(Current.Value))
                rest.Add((tokens[place++].Value, Sum()));
            else if (AcceptName("in"))
                rest.Add(("in", Sum()));
            else if (Current is { Kind: JinjaTokenKind.Name, Value: "not" } && tokens[place + 1] is { Kind: JinjaTokenKind.Name, Value: "in" } && (place += 2) > 0)
                rest.Add(("not in", Sum()));
            else
                return rest.Count == 0 ? first : new JinjaExpression.Comparison(line, first, rest);
        }
    }

    private JinjaExpression Sum() => LeftToRight(["+", "-"], Concatenation);

    private JinjaExpression Concatenation() => LeftToRight(["~"], Product);

    private JinjaExpression Product() => LeftToRight(["*", "/", "//", "%"], Power);

    private JinjaExpression Power() => LeftToRight(["**"], () => Unary(withFilters: true));

    private JinjaExpression LeftToRight(string[] operators, Func<JinjaExpression> operand)
    {
        var left = operand();
        while (Current.Kind == JinjaTokenKind.Operator && operators.Contains(Current.Value))
        {
            var token = tokens[place++];
            left = new JinjaExpression.Binary(token.Line, token.Value, left, operand());
        }

        return left;
    }

    private JinjaExpression Unary(bool withFilters)
    {
        Deeper();
        var token = Current;
        var value = Accept("-") || Accept("+")
            ? new JinjaExpression.Signed(token.Line, token.Value, Unary(withFilters: false))
            : Primary();
        value = Postfix(value);
        depth--;
        return withFilters ? Filters(value) : value;
    }

    private JinjaExpression Primary()
    {
        var token = Current;
        switch (token.Kind)
        {
            case JinjaTokenKind.Name:
                place++;
                return token.Value switch
                {
                    "true" or "True" => new JinjaExpression.Literal(token.Line, true),
                    "false" or "False" => new JinjaExpression.Literal(token.Line, false),
                    "none" or "None" => new JinjaExpression.Literal(token.Line, null),
                    _ => new JinjaExpression.Named(token.Line, token.Value),
                };
            case JinjaTokenKind.Text:
                var text = "";
                while (Current.Kind == JinjaTokenKind.Text)
                    text += tokens[place++].Value;
                return new JinjaExpression.Literal(token.Line, text);
            case JinjaTokenKind.Integer:
                place++;
                return new JinjaExpression.Literal(token.Line, long.TryParse(token.Value.Replace("_", "", StringComparison.Ordinal), CultureInfo.InvariantCulture, out var whole)
                    ? whole
                    : throw new JinjaException(token.Line, $"{token.Value} is too large"));
            case JinjaTokenKind.Float:
                place++;
                return new JinjaExpression.Literal(token.Line, double.Parse(token.Value.Replace("_", "", StringComparison.Ordinal), CultureInfo.InvariantCulture));
            case JinjaTokenKind.Operator when Accept("("):
                if (Accept(")"))
                    return new JinjaExpression.List(token.Line, [], IsTuple: true);
                var inside = TupleExpression();
                Expect(")");
                return inside;
            case JinjaTokenKind.Operator when Accept("["):
                return new JinjaExpression.List(token.Line, Items("]", Expression), IsTuple: false);
            case JinjaTokenKind.Operator when Accept("{"):
                return new JinjaExpression.Dictionary(token.Line, Items("}", Pair));
            default:
                throw Unexpected("a value");
        }
    }

    private (JinjaExpression Key, JinjaExpression Value) Pair()
    {
        var key = Expression();
        Expect(":");
        return (key, Expression());
    }

    private List<T> Items<T>(string close, Func<T> item)
    {
        var items = new List<T>();
        while (!Accept(close))
        {
            if (items.Count > 0)
            {
                Expect(",");
                if (Accept(close))
                    break;
            }

            items.Add(item());
        }

        return items;
    }

    private JinjaExpression Postfix(JinjaExpression value)
    {
        while (true)
        {
            var line = Current.Line;
            if (Accept("."))
            {
                value = Current.Kind == JinjaTokenKind.Integer
                    ? new JinjaExpression.Item(line, value, Primary())
                    : new JinjaExpression.Attribute(line, value, ExpectName("a field"));
            }
            else if (Accept("["))
            {
                value = Subscript(line, value);
            }
            else if (Current is { Kind: JinjaTokenKind.Operator, Value: "(" })
            {
                value = new JinjaExpression.Call(line, value, Arguments());
            }
            else
            {
                return value;
            }
        }
    }

    private JinjaExpression Subscript(int line, JinjaExpression value)
    {
        var start = Current is { Kind: JinjaTokenKind.Operator, Value: ":" } ? null : Expression();
        if (start is not null && Accept("]"))
            return new JinjaExpression.Item(line, value, start);
        Expect(":");
        var stop = Part();
        var step = Accept(":") ? Part() : null;
        Expect("]");
        return new JinjaExpression.Slice(line, value, start, stop, step);

        JinjaExpression? Part() => Current is { Kind: JinjaTokenKind.Operator, Value: ":" or "]" } ? null : Expression();
    }

    private JinjaExpression Filters(JinjaExpression value)
    {
        while (true)
        {
            var line = Current.Line;
            if (Accept("|"))
            {
                var name = ExpectName("a filter's name");
                value = new JinjaExpression.Filter(line, value, name, Current is { Kind: JinjaTokenKind.Operator, Value: "(" } ? Arguments() : JinjaArguments.None);
            }
            else if (AcceptName("is"))
            {
                value = Test(line, value);
            }
            else if (Current is { Kind: JinjaTokenKind.Operator, Value: "(" })
            {
                value = new JinjaExpression.Call(line, value, Arguments());
            }
            else
            {
                return value;
            }
        }
    }

    private JinjaExpression Test(int line, JinjaExpression value)
    {
        var negated = AcceptName("not");
        var name = ExpectName("a test's name");
        var arguments = JinjaArguments.None;
        if (Current is { Kind: JinjaTokenKind.Operator, Value: "(" })
        {
            arguments = Arguments();
        }
        else if (Current.Kind is JinjaTokenKind.Text or JinjaTokenKind.Integer or JinjaTokenKind.Float
            || (Current.Kind == JinjaTokenKind.Name && Current.Value is not ("else" or "or" or "and" or "is" or "if" or "in" or "not"))
            || Current is { Kind: JinjaTokenKind.Operator, Value: "[" or "{" })
        {
            arguments = new JinjaArguments([Postfix(Primary())], []);
        }

        var test = new JinjaExpression.Test(line, value, name, arguments);
        return negated ? new JinjaExpression.Not(line, test) : test;
    }

    private JinjaArguments Arguments()
    {
        Expect("(");
        var positional = new List<JinjaExpression>();
        var named = new List<(string, JinjaExpression)>();
        while (!Accept(")"))
        {
            if (positional.Count + named.Count > 0)
            {
                Expect(",");
                if (Accept(")"))
                    break;
            }

            if (Current is { Kind: JinjaTokenKind.Operator, Value: "*" or "**" })
                throw new JinjaException(Current.Line, $"'{Current.Value}' before an argument is not known");
            if (Current.Kind == JinjaTokenKind.Name && tokens[place + 1] is { Kind: JinjaTokenKind.Operator, Value: "=" })
            {
                var name = tokens[place].Value;
                place += 2;
                named.Add((name, Expression()));
            }
            else if (named.Count > 0)
            {
                throw new JinjaException(Current.Line, "an argument without a name stands after one with a name");
            }
            else
            {
                positional.Add(Expression());
            }
        }

        return new JinjaArguments(positional, named);
    }
}
