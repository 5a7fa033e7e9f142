namespace GenPrm.Model.Chat.Jinja;

/// <summary>Reads a template's statements. Tags that chat templates have no use for are refused by name.</summary>
internal sealed partial class JinjaParser
{
    private const int DeepestNesting = 100;

    private readonly List<JinjaToken> tokens;
    private int place;
    private int depth;

    private JinjaParser(List<JinjaToken> tokens) => this.tokens = tokens;

    private JinjaToken Current => tokens[place];

    public static IReadOnlyList<JinjaStatement> Parse(string source)
    {
        var parser = new JinjaParser(JinjaLexer.Read(source));
        var body = parser.Body([]);
        return parser.Current.Kind == JinjaTokenKind.End ? body : throw parser.Unexpected("the end of the template");
    }

    /// <summary>Statements up to a block tag with one of these names, which is left to be read.</summary>
    private List<JinjaStatement> Body(string[] ends)
    {
        Deeper();
        var body = new List<JinjaStatement>();
        while (Current.Kind != JinjaTokenKind.End)
        {
            var token = Current;
            if (token.Kind == JinjaTokenKind.Data)
            {
                body.Add(new JinjaStatement.Write(token.Line, token.Value));
                place++;
            }
            else if (token.Kind == JinjaTokenKind.PrintBegin)
            {
                place++;
                body.Add(new JinjaStatement.Print(token.Line, TupleExpression()));
                Expect(JinjaTokenKind.PrintEnd, "}}");
            }
            else
            {
                if (tokens[place + 1] is { Kind: JinjaTokenKind.Name } name && ends.Contains(name.Value))
                    break;
                place++;
                body.Add(Statement());
            }
        }

        depth--;
        return body;
    }

    private JinjaStatement Statement()
    {
        var (line, name) = (Current.Line, ExpectName("a block's name"));
        switch (name)
        {
            case "if":
                return If(line);
            case "for":
                return For(line);
            case "set":
                return Set(line);
            case "macro":
                return Macro(line);
            case "generation":
                EndTag();
                return new JinjaStatement.Group(line, Closed("endgeneration", line));
            case "break":
                EndTag();
                return new JinjaStatement.Break(line);
            case "continue":
                EndTag();
                return new JinjaStatement.Continue(line);
            default:
                throw new JinjaException(line, $"the block '{name}' is not known; known are if, for, set, macro, generation, raw, break and continue");
        }
    }

    private JinjaStatement.If If(int line)
    {
        var branches = new List<(JinjaExpression, IReadOnlyList<JinjaStatement>)>();
        IReadOnlyList<JinjaStatement> otherwise = [];
        var condition = TupleExpression();
        while (true)
        {
            EndTag();
            branches.Add((condition, Body(["elif", "else", "endif"])));
            var name = NextTag("endif", line);
            if (name == "elif")
            {
                condition = TupleExpression();
                continue;
            }

            if (name == "else")
            {
                EndTag();
                otherwise = Body(["endif"]);
                NextTag("endif", line);
            }

            EndTag();
            return new JinjaStatement.If(line, branches, otherwise);
        }
    }

    private JinjaStatement.For For(int line)
    {
        var target = Target(allowField: false);
        if (!AcceptName("in"))
            throw Unexpected("'in'");
        var items = TupleExpression(withChoice: false);
        var filter = AcceptName("if") ? Expression() : null;
        if (Current is { Kind: JinjaTokenKind.Name, Value: "recursive" })
            throw new JinjaException(line, "a recursive loop is not known");
        EndTag();
        var body = Body(["else", "endfor"]);
        IReadOnlyList<JinjaStatement> otherwise = [];
        if (NextTag("endfor", line) == "else")
        {
            EndTag();
            otherwise = Body(["endfor"]);
            NextTag("endfor", line);
        }

        EndTag();
        return new JinjaStatement.For(line, target, items, filter, body, otherwise);
    }

    private JinjaStatement Set(int line)
    {
        var target = Target(allowField: true);
        if (Accept("="))
        {
            var value = TupleExpression();
            EndTag();
            return new JinjaStatement.Set(line, target, value);
        }

        if (Current is { Kind: JinjaTokenKind.Operator, Value: "|" })
            throw new JinjaException(line, "a set block with a filter is not known");
        EndTag();
        return new JinjaStatement.SetBlock(line, target, Closed("endset", line));
    }

    private JinjaStatement.Macro Macro(int line)
    {
        var name = ExpectName("a macro's name");
        var parameters = new List<(string, JinjaExpression?)>();
        Expect("(");
        while (!Accept(")"))
        {
            if (parameters.Count > 0)
                Expect(",");
            parameters.Add((ExpectName("a parameter"), Accept("=") ? Expression() : null));
        }

        EndTag();
        return new JinjaStatement.Macro(line, name, parameters, Closed("endmacro", line));
    }

    private JinjaTarget Target(bool allowField)
    {
        var parts = new List<JinjaTarget>();
        var tuple = false;
        do
        {
            if (parts.Count > 0 && Current.Kind != JinjaTokenKind.Name && !(Current is { Kind: JinjaTokenKind.Operator, Value: "(" }))
                break;
            if (Accept("("))
            {
                parts.Add(Target(allowField: false));
                Expect(")");
                continue;
            }

            var name = ExpectName("a variable");
            if (name is "true" or "false" or "none" or "True" or "False" or "None")
                throw new JinjaException(Current.Line, $"'{name}' can not be assigned to");
            parts.Add(allowField && Accept(".") ? new JinjaTarget.Field(name, ExpectName("a field")) : new JinjaTarget.Name(name));
        }
        while (Accept(",") && (tuple = true));
        return tuple ? new JinjaTarget.Tuple(parts) : parts[0];
    }

    private List<JinjaStatement> Closed(string end, int line)
    {
        var body = Body([end]);
        NextTag(end, line);
        EndTag();
        return body;
    }

    /// <summary>Reads <c>{%</c> and the name after it, where a body ended.</summary>
    private string NextTag(string wanted, int line)
    {
        if (Current.Kind == JinjaTokenKind.End)
            throw new JinjaException(line, $"the block that begins here has no '{wanted}'");
        place++;
        return ExpectName(wanted);
    }

    private void EndTag() => Expect(JinjaTokenKind.BlockEnd, "%}");

    private void Deeper()
    {
        if (++depth > DeepestNesting)
            throw new JinjaException(Current.Line, $"more than {DeepestNesting} levels in each other");
    }

    private void Expect(JinjaTokenKind kind, string shown)
    {
        if (Current.Kind != kind)
            throw Unexpected($"'{shown}'");
        place++;
    }

    private void Expect(string mark)
    {
        if (!Accept(mark))
            throw Unexpected($"'{mark}'");
    }

    private string ExpectName(string wanted)
    {
        if (Current.Kind != JinjaTokenKind.Name)
            throw Unexpected(wanted);
        return tokens[place++].Value;
    }

    private bool Accept(string mark)
    {
        var found = Current.Kind == JinjaTokenKind.Operator && Current.Value == mark;
        place += found ? 1 : 0;
        return found;
    }

    private bool AcceptName(string name)
    {
        var found = Current.Kind == JinjaTokenKind.Name && Current.Value == name;
        place += found ? 1 : 0;
        return found;
    }

    private JinjaException Unexpected(string wanted) => new(Current.Line, Current.Kind switch
    {
        JinjaTokenKind.End => $"the template ends where {wanted} is wanted",
        JinjaTokenKind.BlockEnd or JinjaTokenKind.PrintEnd => $"the tag ends where {wanted} is wanted",
        _ => $"'{Current.Value}' stands where {wanted} is wanted",
    });
}
