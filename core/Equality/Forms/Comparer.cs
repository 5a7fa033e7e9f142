using GenPrm.Core.Equality.Grammar;
using GenPrm.Core.Equality.Values;

namespace GenPrm.Core.Equality.Forms;

/// <summary>Compares forms: the structure first, then the values in it.</summary>
internal sealed partial class Comparer(Algebra algebra)
{
    private static readonly Comparison OtherKind = new(Verdict.Different, "other kind");
    private static readonly Comparison OtherStructure = new(Verdict.Different, "other structure");
    private static readonly Comparison SameText = new(Verdict.Equal, "same text");
    private static readonly Comparison OtherText = new(Verdict.Different, "other text");

    private Budget Budget => algebra.Budget;

    /// <summary>Compares two forms.</summary>
    public Comparison Compare(Form a, Form b)
    {
        Budget.Enter();
        var result = Match(a, b) ?? Match(b, a) ?? OtherKind;
        Budget.Leave();
        return result;
    }

    // One order of each pair is enough: Compare tries both.
    private Comparison? Match(Form a, Form b) => (a, b) switch
    {
        (Form.Undefined, Form.Undefined) => new(Verdict.Unknown, "undefined"),
        (Form.Undefined, Form.Phrase y) when Phrases.IsUndefined(y.Text) => new(Verdict.Equal, "same value"),
        (Form.Undefined, _) => new(Verdict.Different, "undefined"),
        (Form.Option x, Form.Option y) => x.Letter == y.Letter ? SameText : Compare(x.Value, y.Value),
        (Form.Option x, Form.Scalar { Node: Node.Symbol symbol }) when symbol.Name == x.Letter => SameText,
        (Form.Option x, _) => Compare(x.Value, b),
        (Form.Labelled x, Form.Labelled y) => Labels(x, y),
        (Form.Labelled { AsEquation: { } equation }, Form.Equation y) => Proportional(equation.Difference, y.Difference),
        (Form.Labelled x, _) => Compare(x.Value, b),
        (Form.Scalar x, Form.Scalar y) => Scalars(x, y),
        (Form.Scalar x, Form.Phrase y) => x.Letters is { Length: > 1 } letters && string.Equals(letters, y.Text, StringComparison.OrdinalIgnoreCase) ? SameText : OtherText,
        (Form.Phrase x, Form.Phrase y) => x.Text == y.Text || Phrases.AreAlike(x.Text, y.Text) ? SameText : OtherText,
        (Form.Clock x, Form.Clock y) => x.Minutes == y.Minutes ? SameValue : OtherValue,
        (Form.Clock x, Form.Ratio { Terms: [var hour, var minute] }) => IsTime(x, hour, minute) ? SameValue : OtherValue,
        (Form.Clock x, Form.Scalar { Mark: Mark.None, Unit.Length: 0 } y) => IsTime(x, y.Value, Fraction.Zero) ? SameValue : OtherValue,
        (Form.Several x, Form.Several y) => Unordered(x.Items, y.Items, ofSets: x.IsBraced && y.IsBraced),
        (Form.Several { Items: [var only] }, _) => Compare(only, b),
        (Form.Several x, Form.Scalar) => Unordered(x.Items, [b]),
        // [1, 2] is an interval, and a list of two numbers is none.
        (Form.Several { IsBraced: false }, Form.Tuple { Items.Count: 2 } y) when y.Open != '(' || y.Close != ')' => OtherKind,
        (Form.Several { IsBraced: false } x, Form.Tuple y) => Listed(x, y.Items),
        (Form.Several { IsBraced: false } x, Form.Matrix y) when Entries(y) is { } entries => Listed(x, entries),
        (Form.Tuple x, Form.Tuple y) => Tuples(x, y),
        (Form.Tuple x, Form.Matrix y) when Entries(y) is { } entries => Ordered(x.Items, entries),
        (Form.Region x, Form.Region y) => Regions(x.Set, y.Set),
        (Form.Region x, Form.Tuple or Form.Several) => Sets.Of(b, Budget) is { } set ? Regions(x.Set, set) : OtherKind,
        (Form.Matrix x, Form.Matrix y) => Matrices(x, y),
        (Form.Matrix { Rows: [[var only]] }, Form.Scalar y) => Values(only, y.Value),
        (Form.Equation x, Form.Equation y) => Proportional(x.Difference, y.Difference),
        (Form.Inequality x, Form.Inequality y) => Inequalities(x, y),
        (Form.Ratio x, Form.Ratio y) => Ratios(x, y),
        // 3:1 is 3/1, and 3 is no ratio.
        (Form.Ratio { Terms: [var top, var bottom] }, Form.Scalar { Node: Node.Quotient or Node.Number { Value.IsInteger: false } } y) => Ratios(new Form.Ratio([top, bottom]), new Form.Ratio([y.Value, Fraction.One])),
        (Form.Statement x, Form.Statement y) => x.Symbols != y.Symbols ? OtherStructure : x.Symbols is "∪" or "∩" || IsEvery(x.Symbols, '∧') || IsEvery(x.Symbols, '∨') ? Unordered(x.Parts, y.Parts) : Ordered(x.Parts, y.Parts),
        _ => null,
    };

    private static bool IsEvery(string symbols, char sign) => symbols.AsSpan().IndexOfAnyExcept(sign, ' ') < 0;

    // Without "p.m." 3:30 may be the afternoon's, and 15:30 is.
    private static bool IsTime(Form.Clock clock, Fraction hour, Fraction minute)
        => hour.Constant is { } hours && minute.Constant is { } minutes && ((hours * 60) + minutes) is var time && (time == clock.Minutes || time + 720 == clock.Minutes || (hours == 12 && time - 720 == clock.Minutes));

    // x = 3 and y = 3 are two answers, unless both sides say the same equation; f(x) = 3 and A = 3 name the same thing in two ways.
    private Comparison Labels(Form.Labelled x, Form.Labelled y)
    {
        // f(x) = x and g(x) = x are two functions, f(2) = 5 and f(3) = 5 two values.
        if (IsOfFunction(x.Name) && IsOfFunction(y.Name) && !string.Equals(x.Name, y.Name, StringComparison.OrdinalIgnoreCase))
            return OtherStructure;
        if (x.Name == y.Name || !x.IsVariable || !y.IsVariable)
        {
            var values = x.Name == y.Name && x.Bound is { } f && y.Bound is { } g ? Compare(f, g) : Compare(x.Value, y.Value);
            if (values.Verdict != Verdict.Different || x.AsEquation is null || y.AsEquation is null)
                return values;
        }
        return x.AsEquation is { } a && y.AsEquation is { } b ? Proportional(a.Difference, b.Difference) : OtherStructure;
    }

    private static bool IsOfFunction(string name) => name.EndsWith(')') && name[0] != '(';

    private static IReadOnlyList<Form>? Entries(Form.Matrix matrix)
    {
        if (matrix.Rows.Count == 1)
            return [.. matrix.Rows[0].Select(e => new Form.Scalar(e, new Node.Words("")))];
        return matrix.Rows.All(r => r.Count == 1) ? [.. matrix.Rows.Select(r => new Form.Scalar(r[0], new Node.Words("")))] : null;
    }

    // A bare list against a tuple: in the written order, or assignments in the order of their names.
    private Comparison Listed(Form.Several list, IReadOnlyList<Form> items)
    {
        var written = Ordered(list.Items, items);
        if (written.Verdict == Verdict.Equal || !list.Items.All(i => i is Form.Labelled { IsVariable: true }))
            return written;
        return Ordered([.. list.Items.OrderBy(i => ((Form.Labelled)i).Name, StringComparer.Ordinal)], items);
    }

    private Comparison Ordered(IReadOnlyList<Form> a, IReadOnlyList<Form> b)
    {
        if (a.Count != b.Count)
            return new(Verdict.Different, "other length");
        var (result, reason) = (Verdict.Equal, "same value");
        for (var i = 0; i < a.Count; i++)
        {
            var item = Compare(a[i], b[i]);
            if (item.Verdict == Verdict.Different)
                return item;
            if (item.Verdict == Verdict.Unknown || result == Verdict.Equal && item.Reason == "numeric evidence")
                (result, reason) = (item.Verdict, item.Reason);
        }
        return new(result, reason);
    }

    private Comparison Tuples(Form.Tuple x, Form.Tuple y)
        => x.Items.Count == 2 && (x.Open != y.Open || x.Close != y.Close) ? new(Verdict.Different, "other ends") : Ordered(x.Items, y.Items);

    // Every item of each must be an item of the other: how often it is written means nothing. In a set a set of one number is not that number.
    private Comparison Unordered(IReadOnlyList<Form> a, IReadOnlyList<Form> b, bool ofSets = false)
    {
        if (a.Count == 0 || b.Count == 0)
            return a.Count == b.Count ? new(Verdict.Equal, "same set") : new(Verdict.Different, "other set");
        if (Numbers(a) is { } left && Numbers(b) is { } right)
            return left.SetEquals(right) ? new(Verdict.Equal, "same set") : new(Verdict.Different, "other set");
        Budget.Spend((long)a.Count * b.Count);
        var found = new bool[b.Count];
        var (isEvidence, unknown) = (false, default(Comparison));
        foreach (var item in a)
        {
            var hasPartner = false;
            for (var j = 0; j < b.Count && !(hasPartner && found[j]); j++)
            {
                if (ofSets && item is Form.Several { IsBraced: true } != b[j] is Form.Several { IsBraced: true })
                    continue;
                if (AreOfOtherThings(item, b[j], b))
                    continue;
                var verdict = Compare(item, b[j]);
                unknown = verdict.Verdict == Verdict.Unknown ? verdict : unknown;
                if (verdict.Verdict != Verdict.Equal)
                    continue;
                isEvidence |= verdict.Reason == "numeric evidence";
                hasPartner = found[j] = true;
            }
            if (!hasPartner)
                return unknown ?? new(Verdict.Different, "other set");
        }
        return found.All(f => f) ? new(Verdict.Equal, isEvidence ? "numeric evidence" : "same set") : unknown ?? new(Verdict.Different, "other set");
    }

    // 2 apples and 3 pears are not 3 apples and 2 pears: where the other list counts the same things, an item is compared with them alone.
    private static bool AreOfOtherThings(Form item, Form other, IReadOnlyList<Form> others)
        => item is Form.Scalar { Unit: { Length: > 0 } unit } && other is Form.Scalar { Unit: { Length: > 0 } otherUnit } && !Units.IsKnown(unit) && !AreOne(unit, otherUnit)
            && others.Any(o => o is Form.Scalar { Unit: { Length: > 0 } known } && AreOne(unit, known));

    private static bool AreOne(string unit, string other) => unit.AsSpan().TrimEnd('s').Equals(other.AsSpan().TrimEnd('s'), StringComparison.OrdinalIgnoreCase);

    // Lists of plain rationals are sets as they are. A percentage or a machine's print can be another number, too.
    private static HashSet<Rational>? Numbers(IReadOnlyList<Form> items)
    {
        var numbers = new HashSet<Rational>(items.Count);
        foreach (var item in items)
        {
            if (item is not Form.Scalar { Mark: Mark.None, Unit.Length: 0, Digits: < MachineDigits } scalar || scalar.Value.Constant is not { } number)
                return null;
            numbers.Add(number);
        }
        return numbers;
    }

    private Comparison Regions(RealSet x, RealSet y)
    {
        if (x.Parts.Count != y.Parts.Count)
            return new(Verdict.Different, "other set");
        var evidence = false;
        for (var i = 0; i < x.Parts.Count; i++)
        {
            var (a, b) = (x.Parts[i], y.Parts[i]);
            if (a.HasLow != b.HasLow || a.HasHigh != b.HasHigh)
                return new(Verdict.Different, "other ends");
            foreach (var (p, q) in ((End, End)[])[(a.Low, b.Low), (a.High, b.High)])
            {
                if (p.Infinity != q.Infinity)
                    return new(Verdict.Different, "other set");
                var ends = p.Infinity == 0 ? Values(p.Exact, q.Exact) : SameText;
                if (ends.Verdict != Verdict.Equal)
                    return ends;
                evidence |= ends.Reason == "numeric evidence";
            }
        }
        return new(Verdict.Equal, evidence ? "numeric evidence" : "same set");
    }

    private Comparison Matrices(Form.Matrix x, Form.Matrix y)
    {
        if (x.Rows.Count != y.Rows.Count || x.Rows[0].Count != y.Rows[0].Count)
            return new(Verdict.Different, "other dimensions");
        return Ordered(
            [.. x.Rows.SelectMany(r => r).Select(e => new Form.Scalar(e, new Node.Words("")))],
            [.. y.Rows.SelectMany(r => r).Select(e => new Form.Scalar(e, new Node.Words("")))]);
    }

    private Comparison Ratios(Form.Ratio x, Form.Ratio y)
    {
        if (x.Terms.Count != y.Terms.Count)
            return new(Verdict.Different, "other length");
        // a : b = c : d where every a·d = b·c.
        for (var i = 1; i < x.Terms.Count; i++)
        {
            var product = Values(x.Terms[0].Times(y.Terms[i], Budget), x.Terms[i].Times(y.Terms[0], Budget));
            if (product.Verdict != Verdict.Equal)
                return product;
        }
        return new(Verdict.Equal, "same value");
    }
}
