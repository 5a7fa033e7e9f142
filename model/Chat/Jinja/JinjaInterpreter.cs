using System.Text;

namespace GenPrm.Model.Chat.Jinja;

/// <summary>Runs a template's statements over variables, once.</summary>
internal sealed partial class JinjaInterpreter
{
    private readonly StringBuilder output = new();
    private readonly JinjaDictionary globals;
    private Scope scope;

    private JinjaInterpreter(JinjaDictionary globals)
    {
        this.globals = globals;
        scope = new Scope(null);
    }

    private enum Flow
    {
        On,
        Break,
        Continue,
    }

    public JinjaBudget Budget { get; } = new();

    /// <param name="globals">Variables and functions the template sees.</param>
    /// <exception cref="JinjaException">It asks for something unknown or wrong, with its line.</exception>
    public static string Run(IReadOnlyList<JinjaStatement> template, JinjaDictionary globals)
    {
        var interpreter = new JinjaInterpreter(globals);
        try
        {
            interpreter.Execute(template);
        }
        catch (OverflowException error)
        {
            throw new JinjaException($"a number is out of range: {error.Message}", error);
        }

        return interpreter.output.ToString();
    }

    private Flow Execute(IReadOnlyList<JinjaStatement> body)
    {
        foreach (var statement in body)
        {
            Budget.Step();
            Budget.Enter();
            try
            {
                if (Execute(statement) is not Flow.On and var flow)
                    return flow;
            }
            catch (JinjaException error) when (!error.HasLine)
            {
                throw new JinjaException(statement.Line, error.Message);
            }
            finally
            {
                Budget.Leave();
            }
        }

        return Flow.On;
    }

    private Flow Execute(JinjaStatement statement)
    {
        switch (statement)
        {
            case JinjaStatement.Write write:
                Write(write.Text);
                return Flow.On;
            case JinjaStatement.Print print:
                Write(Python.Text(Evaluate(print.Value)));
                return Flow.On;
            case JinjaStatement.If choice:
                foreach (var (condition, body) in choice.Branches)
                {
                    if (Python.IsTrue(Evaluate(condition)))
                        return Execute(body);
                }

                return Execute(choice.Otherwise);
            case JinjaStatement.For loop:
                return Loop(loop);
            case JinjaStatement.Set set:
                Assign(set.Target, Evaluate(set.Value));
                return Flow.On;
            case JinjaStatement.SetBlock set:
                Assign(set.Target, Captured(set.Body));
                return Flow.On;
            case JinjaStatement.Macro macro:
                scope.Variables[macro.Name] = Function(macro);
                return Flow.On;
            case JinjaStatement.Group group:
                return Execute(group.Body);
            case JinjaStatement.Break:
                return Flow.Break;
            default:
                return Flow.Continue;
        }
    }

    /// <summary>A loop has a scope of its own, fresh in every round: what is set inside does not outlive the round.</summary>
    private Flow Loop(JinjaStatement.For loop)
    {
        var outer = scope;
        var items = Python.Iterate(Evaluate(loop.Items)).ToList();
        try
        {
            if (loop.Filter is not null)
                items = [.. items.Where(item => InRound(outer, loop, item, null) && Python.IsTrue(Evaluate(loop.Filter)))];
            for (var index = 0; index < items.Count; index++)
            {
                Budget.Step();
                InRound(outer, loop, items[index], new JinjaLoop(items, index, outer.LoopDepth + 1));
                if (Execute(loop.Body) == Flow.Break)
                    break;
            }
        }
        finally
        {
            scope = outer;
        }

        return items.Count == 0 ? Execute(loop.Otherwise) : Flow.On;
    }

    private bool InRound(Scope outer, JinjaStatement.For loop, object? item, JinjaLoop? round)
    {
        scope = new Scope(outer);
        if (round is not null)
        {
            scope.LoopDepth = round.Depth;
            scope.Variables["loop"] = round;
        }

        Assign(loop.Target, item);
        return true;
    }

    private void Assign(JinjaTarget target, object? value)
    {
        switch (target)
        {
            case JinjaTarget.Name name:
                scope.Variables[name.Variable] = value;
                break;
            case JinjaTarget.Field field:
                if (Lookup(field.Variable) is not JinjaNamespace space)
                    throw new JinjaException($"'{field.Variable}.{field.Attribute}' can not be set: only the fields of a namespace can");
                space.Fields[field.Attribute] = value;
                break;
            case JinjaTarget.Tuple tuple:
                var items = Python.Iterate(value).ToList();
                if (items.Count != tuple.Parts.Count)
                    throw new JinjaException($"{items.Count} values are given for {tuple.Parts.Count} names");
                for (var index = 0; index < items.Count; index++)
                    Assign(tuple.Parts[index], items[index]);
                break;
        }
    }

    /// <summary>A macro sees what stands at the top of the template and its own arguments.</summary>
    private JinjaFunction Function(JinjaStatement.Macro macro)
    {
        var home = scope;
        return new JinjaFunction(macro.Name, call =>
        {
            call.Only([.. macro.Parameters.Select(parameter => parameter.Name)]);
            var caller = scope;
            scope = new Scope(home);
            try
            {
                for (var index = 0; index < macro.Parameters.Count; index++)
                {
                    var (name, otherwise) = macro.Parameters[index];
                    var given = index < call.Positional.Count || call.Named.Any(pair => pair.Name == name);
                    scope.Variables[name] = given ? call.Get(index, name) : otherwise is not null ? Evaluate(otherwise) : new JinjaUndefined($"the parameter '{name}'");
                }

                return Captured(macro.Body);
            }
            finally
            {
                scope = caller;
            }
        });
    }

    /// <summary>What a body writes, as text instead of output.</summary>
    private string Captured(IReadOnlyList<JinjaStatement> body)
    {
        var start = output.Length;
        Execute(body);
        var text = output.ToString(start, output.Length - start);
        output.Length = start;
        return text;
    }

    private void Write(string text)
    {
        Budget.Produce(text.Length);
        output.Append(text);
    }

    private object? Lookup(string name)
    {
        for (var place = scope; place is not null; place = place.Outer)
        {
            if (place.Variables.TryGetValue(name, out var value))
                return value;
        }

        return globals.TryGet(name, out var found) ? found : new JinjaUndefined($"'{name}'");
    }

    private sealed class Scope(Scope? outer)
    {
        public Scope? Outer { get; } = outer;

        public Dictionary<string, object?> Variables { get; } = new(StringComparer.Ordinal);

        public int LoopDepth { get; set; } = outer?.LoopDepth ?? 0;
    }
}

/// <summary>What <c>loop</c> is in one round of a loop.</summary>
internal sealed class JinjaLoop(List<object?> items, int index, int depth)
{
    public int Depth => depth;

    /// <summary>A field's value, or null if <c>loop</c> has no such field.</summary>
    public object? Field(string name) => name switch
    {
        "index" => index + 1L,
        "index0" => (long)index,
        "revindex" => (long)(items.Count - index),
        "revindex0" => items.Count - index - 1L,
        "first" => index == 0,
        "last" => index == items.Count - 1,
        "length" => (long)items.Count,
        "depth" => (long)depth,
        "depth0" => depth - 1L,
        "previtem" => index > 0 ? items[index - 1] : new JinjaUndefined("the item before the first"),
        "nextitem" => index + 1 < items.Count ? items[index + 1] : new JinjaUndefined("the item after the last"),
        "cycle" => new JinjaFunction("cycle", call => call.Positional.Count > 0 ? call.Positional[index % call.Positional.Count] : throw new JinjaException("cycle has nothing to choose from")),
        _ => throw new JinjaException($"'loop.{name}' is not known"),
    };
}
