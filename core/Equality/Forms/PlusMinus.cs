using GenPrm.Core.Equality.Grammar;

namespace GenPrm.Core.Equality.Forms;

/// <summary>Writes out expressions with ±: one for each choice of the signs. With a ∓ beside them all signs go together.</summary>
internal sealed class PlusMinus(Budget budget)
{
    private const int MostSigns = 3;

    /// <summary>The expressions that <paramref name="node"/> stands for; itself, where it has no ±.</summary>
    public IReadOnlyList<Node> Expand(Node node)
    {
        var (signs, together) = Count(node);
        if (signs == 0)
            return [node];
        if (signs > MostSigns && !together)
            throw new TooLargeException();
        var choices = together ? 2 : 1 << signs;
        var expanded = new List<Node>(choices);
        for (var choice = 0; choice < choices; choice++)
        {
            var (picked, index) = (choice, 0);
            expanded.Add(Map(node, plusMinus =>
            {
                var flipped = together ? picked == 1 : (picked >> index++ & 1) == 1;
                return flipped != plusMinus.MinusFirst ? new Node.Negative(plusMinus.Operand) : plusMinus.Operand;
            }));
        }
        return expanded;
    }

    private (int Signs, bool Together) Count(Node node)
    {
        var (signs, together) = (0, false);
        Map(node, plusMinus =>
        {
            signs++;
            together |= plusMinus.MinusFirst;
            return plusMinus;
        });
        return (signs, together && signs > 1);
    }

    // Lists are not entered: their items are written out one by one.
    private Node Map(Node node, Func<Node.PlusMinus, Node> choose)
    {
        budget.Enter();
        var mapped = MapParts(node, choose);
        budget.Leave();
        return mapped;
    }

    private Node MapParts(Node node, Func<Node.PlusMinus, Node> choose) => node switch
    {
        Node.PlusMinus plusMinus => choose(plusMinus with { Operand = Map(plusMinus.Operand, choose) }),
        Node.Sum sum => Mapped(sum.Terms, choose) is { } terms ? new Node.Sum(terms) : node,
        Node.Product product => Mapped(product.Factors, choose) is { } factors ? new Node.Product(factors, product.Letters) : node,
        Node.Quotient quotient => Mapped([quotient.Dividend, quotient.Divisor], choose) is { } parts ? new Node.Quotient(parts[0], parts[1]) : node,
        Node.Negative negative => Mapped([negative.Operand], choose) is { } parts ? new Node.Negative(parts[0]) : node,
        Node.Power power => Mapped([power.Base, power.Exponent], choose) is { } parts ? new Node.Power(parts[0], parts[1]) : node,
        Node.Root root => Mapped([root.Radicand, root.Index], choose) is { } parts ? new Node.Root(parts[0], parts[1]) : node,
        Node.Call call => Mapped(call.Arguments, choose) is { } arguments ? new Node.Call(call.Function, arguments) : node,
        Node.Percent percent => Mapped([percent.Operand], choose) is { } parts ? new Node.Percent(parts[0]) : node,
        Node.Degrees degrees => Mapped([degrees.Operand], choose) is { } parts ? new Node.Degrees(parts[0]) : node,
        Node.Measured measured => Mapped([measured.Operand], choose) is { } parts ? new Node.Measured(parts[0], measured.Unit) : node,
        Node.Bracketed bracketed => Mapped(bracketed.Items, choose) is { } items ? new Node.Bracketed(bracketed.Open, items, bracketed.Close) : node,
        Node.Relation relation => Mapped(relation.Operands, choose) is { } operands ? new Node.Relation(operands, relation.Operators) : node,
        _ => node,
    };

    private List<Node>? Mapped(IReadOnlyList<Node> nodes, Func<Node.PlusMinus, Node> choose)
    {
        List<Node>? mapped = null;
        for (var i = 0; i < nodes.Count; i++)
        {
            var result = Map(nodes[i], choose);
            if (mapped is null && !ReferenceEquals(result, nodes[i]))
                mapped = [.. nodes];
            if (mapped is not null)
                mapped[i] = result;
        }
        return mapped;
    }
}
