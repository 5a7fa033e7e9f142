using GenPrm.Core.Equality;

namespace GenPrm.Tests.Unit.Equality;

/// <summary>Compares a pair both ways round.</summary>
internal static class Pairs
{
    public static Comparison Check(string a, string b, Verdict verdict)
    {
        var comparison = Answers.Compare(a, b);
        Assert.True(verdict == comparison.Verdict, $"{a} | {b}: {comparison}");
        Assert.Equal(comparison, Answers.Compare(b, a));
        return comparison;
    }
}
