using System.Text;

namespace GenPrm.Model.Chat.Jinja;

/// <summary>Expressions, with Python's rules.</summary>
internal sealed partial class JinjaInterpreter
{
    /// <summary>A value's item by index or key, else its field: undefined if it has neither.</summary>
    public object? Item(object? value, object? index)
    {
        switch (value)
        {
            case JinjaUndefined undefined:
                throw new JinjaException($"{undefined.What} is undefined and has no items");
            case JinjaDictionary dictionary when index is string key && dictionary.TryGet(key, out var found):
                return found;
            case JinjaNamespace space when index is string key:
                return space.Fields.TryGet(key, out var field) ? field : new JinjaUndefined($"the field '{key}' of a namespace");
            case JinjaLoop loop when index is string key:
                return loop.Field(key);
            case JinjaList list when Python.Whole(index) is { } place:
                return At(place, list.Items.Count) is { } at ? list.Items[at] : new JinjaUndefined($"item {place} of a list of {list.Items.Count}");
            case string text when Python.Whole(index) is { } place:
                var runes = text.EnumerateRunes().ToList();
                Budget.Produce(text.Length);
                return At(place, runes.Count) is { } point ? runes[point].ToString() : new JinjaUndefined($"character {place} of a text of {runes.Count}");
            case not null when index is string name && PythonText.Method(value, name, Budget) is { } method:
                return method;
            default:
                return new JinjaUndefined(index is string shown ? $"the field '{shown}' of {Python.Kind(value)}" : $"an item of {Python.Kind(value)}");
        }

        static int? At(long place, int count) => place >= -count && place < count ? (int)(place < 0 ? place + count : place) : null;
    }

    /// <summary>+ - * / // % ** of numbers; + of texts and lists, * of a text and a number.</summary>
    public object? Arithmetic(string mark, object? left, object? right)
    {
        if (mark == "+" && left is string one && right is string other)
        {
            Budget.Produce(one.Length + other.Length);
            return one + other;
        }

        if (mark == "+" && left is JinjaList first && right is JinjaList second && first.IsTuple == second.IsTuple)
        {
            Budget.Produce(first.Items.Count + second.Items.Count);
            return new JinjaList([.. first.Items, .. second.Items], first.IsTuple);
        }

        if (mark == "*" && left is string text && Python.Whole(right) is { } times)
        {
            Budget.Produce(Math.Clamp(times, 0, int.MaxValue) * text.Length);
            return string.Concat(Enumerable.Repeat(text, (int)Math.Clamp(times, 0, text.Length == 0 ? 0 : int.MaxValue)));
        }

        if (Python.Number(left) is not { } a || Python.Number(right) is not { } b)
            throw new JinjaException($"'{mark}' is not known between {Python.Kind(left)} and {Python.Kind(right)}");
        if (mark is "/" or "//" or "%" && b == 0)
            throw new JinjaException("a division by zero");
        if (mark != "/" && Python.Whole(left) is { } m && Python.Whole(right) is { } n && !(mark == "**" && n < 0))
            return WholeArithmetic(mark, m, n);
        return mark switch
        {
            "+" => a + b,
            "-" => a - b,
            "*" => a * b,
            "/" => a / b,
            "//" => Math.Floor(a / b),
            "%" => a - (b * Math.Floor(a / b)),
            _ => Math.Pow(a, b),
        };
    }

    private static long WholeArithmetic(string mark, long m, long n)
    {
        try
        {
            checked
            {
                return mark switch
                {
                    "+" => m + n,
                    "-" => m - n,
                    "*" => m * n,
                    "//" => (m / n) - (m % n != 0 && (m < 0) != (n < 0) ? 1 : 0),
                    "%" => n == -1 ? 0 : ((m % n) + n) % n,
                    _ => n > 64 && m is not (0 or 1 or -1) ? throw new OverflowException() : (long)System.Numerics.BigInteger.Pow(m, (int)Math.Min(n, 64 + (n % 2))), // beyond 64 only 0, 1 and -1 are left, and whether n is odd
                };
            }
        }
        catch (OverflowException)
        {
            throw new JinjaException($"{m} {mark} {n} is larger than 64 bits");
        }
    }

    private object? Evaluate(JinjaExpression expression)
    {
        Budget.Step();
        Budget.Enter();
        try
        {
            return EvaluateInner(expression);
        }
        catch (JinjaException error) when (!error.HasLine)
        {
            throw new JinjaException(expression.Line, error.Message);
        }
        finally
        {
            Budget.Leave();
        }
    }

    private object? EvaluateInner(JinjaExpression expression)
    {
        switch (expression)
        {
            case JinjaExpression.Literal literal:
                return literal.Value;
            case JinjaExpression.Named name:
                return Lookup(name.Variable);
            case JinjaExpression.List list:
                return new JinjaList([.. list.Items.Select(Evaluate)], list.IsTuple);
            case JinjaExpression.Dictionary dictionary:
                return new JinjaDictionary(dictionary.Items.Select(pair => (Evaluate(pair.Key) as string ?? throw new JinjaException("a dictionary's key must be a string"), Evaluate(pair.Value))));
            case JinjaExpression.Attribute attribute:
                return Field(Evaluate(attribute.Of), attribute.Field);
            case JinjaExpression.Item item:
                return Item(Evaluate(item.Of), Evaluate(item.Index));
            case JinjaExpression.Slice slice:
                return Slice(slice);
            case JinjaExpression.Call call:
                return Call(call);
            case JinjaExpression.Filter filter:
                return JinjaFilters.Apply(filter.Name, Evaluate(filter.Of), Arguments(filter.Name, filter.Arguments), this);
            case JinjaExpression.Test test:
                return JinjaTests.Holds(test.Name, Evaluate(test.Of), Arguments(test.Name, test.Arguments));
            case JinjaExpression.Not not:
                return !Python.IsTrue(Evaluate(not.Of));
            case JinjaExpression.Signed signed:
                return Arithmetic(signed.Sign, 0L, Evaluate(signed.Of));
            case JinjaExpression.Binary binary:
                return Binary(binary);
            case JinjaExpression.Comparison comparison:
                return Compare(comparison);
            case JinjaExpression.Choice choice:
                return Python.IsTrue(Evaluate(choice.Condition)) ? Evaluate(choice.Then) : choice.Otherwise is null ? new JinjaUndefined("the missing else") : Evaluate(choice.Otherwise);
            default:
                throw new InvalidOperationException($"no such expression: {expression.GetType().Name}");
        }
    }

    /// <summary>After a dot: a method comes before an item of the same name, as in Python.</summary>
    private object? Field(object? value, string name) => value is JinjaDictionary or string or JinjaList && PythonText.Method(value, name, Budget) is { } method ? method : Item(value, name);

    private object? Call(JinjaExpression.Call call)
    {
        var callee = Evaluate(call.Callee);
        return callee is JinjaFunction function
            ? function.Invoke(Arguments(function.Name, call.Arguments))
            : throw new JinjaException($"{Python.Kind(callee)} can not be called");
    }

    private JinjaCall Arguments(string name, JinjaArguments arguments) =>
        new(name, [.. arguments.Positional.Select(Evaluate)], [.. arguments.Named.Select(pair => (pair.Name, Evaluate(pair.Value)))]);

    private object? Binary(JinjaExpression.Binary binary)
    {
        var left = Evaluate(binary.Left);
        switch (binary.Operator)
        {
            case "and":
                return Python.IsTrue(left) ? Evaluate(binary.Right) : left;
            case "or":
                return Python.IsTrue(left) ? left : Evaluate(binary.Right);
            case "~":
                return Arithmetic("+", Python.Text(left), Python.Text(Evaluate(binary.Right)));
            default:
                return Arithmetic(binary.Operator, left, Evaluate(binary.Right));
        }
    }

    private bool Compare(JinjaExpression.Comparison comparison)
    {
        var left = Evaluate(comparison.First);
        foreach (var (mark, operand) in comparison.Rest)
        {
            var right = Evaluate(operand);
            var holds = mark switch
            {
                "==" => Python.AreEqual(left, right),
                "!=" => !Python.AreEqual(left, right),
                "in" => Python.Contains(right, left),
                "not in" => !Python.Contains(right, left),
                "<" => Python.Compare(left, right) < 0,
                "<=" => Python.Compare(left, right) <= 0,
                ">" => Python.Compare(left, right) > 0,
                _ => Python.Compare(left, right) >= 0,
            };
            if (!holds)
                return false;
            left = right;
        }

        return true;
    }

    /// <summary>Python's slices, with steps of either sign; of text by code point.</summary>
    private object? Slice(JinjaExpression.Slice slice)
    {
        var value = Evaluate(slice.Of);
        long? Part(JinjaExpression? part) => part is null || Evaluate(part) is not { } given ? null
            : Python.Whole(given) ?? throw new JinjaException($"a slice wants whole numbers, not {Python.Kind(given)}");
        var step = Part(slice.Step) ?? 1;
        if (step == 0)
            throw new JinjaException("a slice's step is 0");
        var (start, stop) = (Part(slice.Start), Part(slice.Stop));
        switch (value)
        {
            case JinjaList list:
                return new JinjaList(Take(list.Items), list.IsTuple);
            case string text:
                Budget.Produce(text.Length);
                return new StringBuilder().AppendJoin("", Take([.. text.EnumerateRunes()])).ToString();
            default:
                throw new JinjaException($"{Python.Kind(value)} can not be sliced");
        }

        List<T> Take<T>(IReadOnlyList<T> items)
        {
            long count = items.Count;
            long Clamp(long place, long low, long high) => Math.Clamp(place < 0 ? place + count : place, low, high);
            var (low, high) = step > 0 ? (0L, count) : (-1L, count - 1);
            var first = start is { } from ? Clamp(from, low, high) : step > 0 ? low : high;
            var last = stop is { } to ? Clamp(to, low, high) : step > 0 ? high : low;
            var taken = new List<T>();
            step = Math.Clamp(step, -count - 1, count + 1);
            for (var place = first; step > 0 ? place < last : place > last; place += step)
                taken.Add(items[(int)place]);
            Budget.Produce(taken.Count);
            return taken;
        }
    }
}
