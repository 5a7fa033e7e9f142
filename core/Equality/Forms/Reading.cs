using GenPrm.Core.Equality.Grammar;
using GenPrm.Core.Equality.Values;

namespace GenPrm.Core.Equality.Forms;

/// <summary>Makes the form of an answer from its tree.</summary>
internal sealed partial class Reading(Algebra algebra)
{
    /// <summary>The form of <paramref name="node"/>.</summary>
    /// <exception cref="NotParsedException">Its parts do not fit together.</exception>
    /// <exception cref="TooLargeException">The budget is used up.</exception>
    public Form Of(Node node)
    {
        algebra.Budget.Enter();
        var expanded = node is Node.Listing or Node.Braced ? [node] : new PlusMinus(algebra.Budget).Expand(node);
        var form = expanded.Count == 1 ? Single(expanded[0]) : Gathered([.. expanded.Select(Single)], isBraced: false);
        algebra.Budget.Leave();
        return form;
    }

    private Form Single(Node node)
    {
        var level = algebra.Budget.Level;
        try
        {
            return node switch
            {
                Node.Listing listing => List(listing),
                Node.Braced braced => Gathered([.. braced.Items.Select(Of)], isBraced: true),
                Node.Bracketed bracketed => Bracketed(bracketed),
                Node.Relation relation => Relation(relation),
                Node.SetOperation operation => SetOperation(operation),
                Node.Table { IsDeterminant: false } => new Form.Matrix(MatrixOf(node)!),
                Node.Ratio { Terms: [Node.Number hour, Node.Measured { Operand: Node.Number minute } time] } when Clock(hour, minute, time.Unit) is { } clock => clock,
                Node.Measured { Operand: Node.Number hour } time when Clock(hour, new Node.Number(0), time.Unit) is { } clock => clock,
                Node.Ratio ratio when ratio.Terms.FirstOrDefault(t => t is Node.Measured) is Node.Measured time => new Form.Phrase($"{string.Join(':', ratio.Terms.Select(t => algebra.Value(t).Key))} {Phrases.Normal(time.Unit)}"),
                Node.Sum sum when Quantity(sum.Terms) is { } quantity => quantity,
                Node.Application { Name: [>= 'A' and <= 'Z'], Arguments.Count: > 1 } point => new Form.Labelled(point.Name, false, new Form.Tuple('(', [.. point.Arguments.Select(Of)], ')'), null),
                Node.Ratio ratio => new Form.Ratio([.. ratio.Terms.Select(algebra.Value)]),
                Node.Option option => new Form.Option(option.Letter, Of(option.Value)),
                Node.Words words => Words(words.Text, words),
                Node.Symbol { Name: "bbR" } => new Form.Region(RealSet.All),
                Node.Negative { Operand: Node.Percent or Node.Degrees or Node.Measured } negative => Single(Inward(negative.Operand)),
                Node.Percent percent => Scalar(percent.Operand, percent, Mark.Percent),
                Node.Degrees degrees => Scalar(degrees.Operand, degrees, Mark.Degrees),
                Node.Measured measured => Measured(measured),
                _ => MatrixOf(node) is { } rows ? new Form.Matrix(rows) : Scalar(node, node, Mark.None),
            };
        }
        catch (UndefinedException)
        {
            algebra.Budget.Level = level;
            return new Form.Undefined();
        }
    }

    // -5% is the percentage -5.
    private static Node Inward(Node marked) => marked switch
    {
        Node.Percent percent => new Node.Percent(new Node.Negative(percent.Operand)),
        Node.Degrees degrees => new Node.Degrees(new Node.Negative(degrees.Operand)),
        Node.Measured measured => new Node.Measured(new Node.Negative(measured.Operand), measured.Unit),
        _ => new Node.Negative(marked),
    };

    private Form.Scalar Scalar(Node operand, Node node, Mark mark) => new(algebra.Value(operand), node, mark);

    // 3:30 p.m.
    private static Form.Clock? Clock(Node.Number hour, Node.Number minute, string unit)
    {
        var part = Phrases.Normal(unit);
        if (part is not ("am" or "pm" or "noon" or "midnight") || hour.Value < 0 || hour.Value > 23 || minute.Value < 0 || minute.Value > 59 || !hour.Value.IsInteger || !minute.Value.IsInteger)
            return null;
        var isLate = part is "pm" or "noon";
        return new(((((int)hour.Value.Numerator % 12) + (isLate ? 12 : 0)) * 60) + (int)minute.Value.Numerator);
    }

    // 5 feet 6 inches are 66 inches: from the larger unit down to the smaller.
    private Form.Scalar? Quantity(IReadOnlyList<Node> terms)
    {
        if (terms.Count < 2 || terms[^1] is not Node.Measured last)
            return null;
        var (sum, known) = (Fraction.Zero, default(Rational?));
        foreach (var term in terms)
        {
            if (term is not Node.Measured part || Units.Ratio(part.Unit, last.Unit) is not { IsZero: false } ratio || ratio >= known)
                return null;
            known = ratio;
            sum = sum.Plus(algebra.Value(part.Operand).Times(Fraction.Of(ratio), algebra.Budget), algebra.Budget);
        }
        return new(sum, last, Unit: last.Unit);
    }

    private Form Measured(Node.Measured measured) => Single(measured.Operand) switch
    {
        Form.Scalar scalar when measured.Unit is "radians" or "radian" or "rad" => scalar with { Mark = Mark.Radians },
        Form.Scalar scalar => scalar with { Unit = measured.Unit },
        var other => other,
    };

    private Form Words(string text, Node node)
    {
        var plain = Phrases.Normal(text);
        if (plain.Length == 1 && text.Length > 1 && char.IsAsciiLetterLower(plain[0]))
            return Of(new Node.Symbol(plain.ToUpperInvariant()));
        if (NumberWords.Value(text) is { } number)
            return new Form.Scalar(Fraction.Of(number), node);
        if (Phrases.IsNothing(plain))
            return new Form.Several([], IsBraced: true);
        return Phrases.IsEverything(plain) ? new Form.Region(RealSet.All)
            : plain is "infinity" or "infinite" ? new Form.Scalar(algebra.Value(new Node.Symbol("infty")), node)
            : new Form.Phrase(plain);
    }

    private Form List(Node.Listing listing)
    {
        if (Quantity(listing.Items) is { } quantity)
            return quantity;
        // k ∈ ℤ declares what k is, and is no answer.
        var declared = listing.Items.Where(IsDeclaration).Select(i => ((Node.Symbol)((Node.Relation)i).Operands[0]).Name).ToArray();
        if (declared.Length > 0 && declared.Length < listing.Items.Count)
            return algebra.Bound(declared, areIntegers: true, () => Of(listing.Items.Where(i => !IsDeclaration(i)).ToArray() is [var only] ? only : listing with { Items = [.. listing.Items.Where(i => !IsDeclaration(i))] }));
        var items = new List<Form>();
        string? carried = null;
        foreach (var node in listing.Items)
        {
            // A group of pairs or of assignments is one item; a group of anything else was only cut by another separator.
            if (node is Node.Listing group && !group.Items.All(i => i is Node.Relation))
                items.AddRange(group.Items.Select(Of));
            else
                items.Add(Of(node));
        }
        if (Conditions(items, listing.Joint) is { } condition)
            return condition;
        // a = 4, -8, -10 names all three.
        foreach (var item in items)
            carried = item is Form.Labelled { IsVariable: true } labelled && (carried is null || carried == labelled.Name) ? labelled.Name : carried is null || item is Form.Labelled ? "" : carried;
        if (!string.IsNullOrEmpty(carried) && items.Count > 1 && items[0] is Form.Labelled)
            return new Form.Labelled(carried, true, Gathered([.. items.Select(i => i is Form.Labelled l ? l.Value : i)], isBraced: false), null);
        return Gathered(items, isBraced: false);
    }

    private static bool IsDeclaration(Node node) => node is Node.Relation { Operators: ["∈"], Operands: [Node.Symbol, Node.Symbol { Name: "bbZ" } or Node.Words { Text: "integers" or "Integers" }] };

    // x > 1, x < 5 are two conditions on one x; x < 1, x > 5, which can not hold both, are two cases, and so they are for one who writes "and" between them.
    // x > 1 or x < 5 is always two cases. x ≠ 1, 2 leaves out two points, whatever joins them.
    private Form.Labelled? Conditions(List<Form> items, Joint joint)
    {
        if (items.Count < 2 || items[0] is not Form.Labelled { Value: Form.Region first } name)
            return null;
        var sets = new List<RealSet> { first.Set };
        var isPunctured = first.Set.Complement(algebra.Budget).Parts.All(p => p.HasLow && p.HasHigh);
        foreach (var item in items.Skip(1))
        {
            var set = item is Form.Labelled { Value: Form.Region next } other && other.Name == name.Name ? next.Set
                : isPunctured && item is Form.Scalar { Value: var point } && Sets.IsReal(point) && !Sets.IsInfinite(point) ? RealSet.Point(point, algebra.Budget).Complement(algebra.Budget)
                : null;
            if (set is null)
                return null;
            sets.Add(set);
        }
        var isEither = joint == Joint.Or && !isPunctured;
        var all = isEither ? RealSet.UnionOf(sets, algebra.Budget) : RealSet.IntersectionOf(sets, algebra.Budget);
        return name with { Value = new Form.Region(all.Parts.Count > 0 || joint == Joint.Land ? all : RealSet.UnionOf(sets, algebra.Budget)) };
    }

    // Lists that a ± made inside of a list are items of it.
    private static Form.Several Gathered(IReadOnlyList<Form> items, bool isBraced)
    {
        if (items.Any(i => i is Form.Several { IsBraced: false }) && !items.All(i => i is Form.Several { IsBraced: false } group && group.Items.All(g => g is Form.Labelled)))
            items = [.. items.SelectMany(i => i is Form.Several { IsBraced: false } inner ? inner.Items : [i])];
        return new(items, isBraced);
    }

    private Form Bracketed(Node.Bracketed bracketed)
    {
        var items = bracketed.Items.Select(Of).ToArray();
        if (bracketed.Open == '[' && items.Length > 0 && items.All(i => i is Form.Tuple { Open: '[' }))
            return Rows(items);
        return new Form.Tuple(bracketed.Open, items, bracketed.Close);
    }

    // [[1, 2], [3, 4]]
    private static Form Rows(Form[] items)
    {
        var rows = items.Cast<Form.Tuple>().Select(t => t.Items).ToArray();
        return rows.All(r => r.Count == rows[0].Count && r.All(i => i is Form.Scalar))
            ? new Form.Matrix([.. rows.Select(r => r.Select(i => ((Form.Scalar)i).Value).ToArray())])
            : new Form.Tuple('[', items, ']');
    }

    private Form SetOperation(Node.SetOperation operation)
    {
        var (left, right) = (Of(operation.Left), Of(operation.Right));
        if (operation.Operator == '∪' && left is Form.Several a && right is Form.Several b)
            return new Form.Several([.. a.Items, .. b.Items], true);
        if (Sets.Of(left, algebra.Budget) is not { } first || Sets.Of(right, algebra.Budget) is not { } second)
            return new Form.Statement(operation.Operator.ToString(), [left, right]);
        return new Form.Region(operation.Operator switch
        {
            '∪' => first.Union(second, algebra.Budget),
            '∩' => first.Intersection(second, algebra.Budget),
            _ => first.Intersection(second.Complement(algebra.Budget), algebra.Budget),
        });
    }
}
