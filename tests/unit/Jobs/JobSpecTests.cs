using GenPrm.Core.Jobs;
using GenPrm.Core.Problems;

namespace GenPrm.Tests.Unit.Jobs;

public sealed class JobSpecTests
{
    private static readonly Problem[] Problems = [new(0, "a", "What is 1 + 1?", "2", 1), new(1, "b", "What is 1 + 2?", "3", 2)];

    private static readonly JobSpec Spec = new(new("p", "c", "j"), Profiles.Laptop, [], JobSpec.DigestOf(Problems), []);

    [Fact]
    public void Id_SameContent_IsTheSameAndAnyOtherContentIsNot()
    {
        Assert.Equal(Spec.Id(), (Spec with { Examples = [], ProblemsDigest = JobSpec.DigestOf([.. Problems]) }).Id());
        Assert.Matches("^[0-9a-f]{12}$", Spec.Id());
        string[] others =
        [
            (Spec with { Models = Spec.Models with { Judge = "k" } }).Id(),
            (Spec with { Examples = [new("x", "y")] }).Id(),
            (Spec with { ProblemsDigest = JobSpec.DigestOf(Problems.Reverse()) }).Id(),
            (Spec with { Parameters = ParameterTable.Set(Spec.Parameters, "seed", "2") }).Id(),
        ];
        Assert.Equal(5, others.Append(Spec.Id()).Distinct().Count());
    }

    [Fact]
    public void Compare_OtherParameters_NamesThemAndAllowsOnlyGrowth()
    {
        var asked = Spec with { Parameters = ParameterTable.Set(ParameterTable.Set(ParameterTable.Set(Spec.Parameters, "completions.k", "16/4/4"), "rollouts.kept", "2"), "labels.epsilon", "0.5") };
        var differences = SpecComparison.Compare(Spec, asked);
        Assert.Equal(["rollouts.kept", "completions.k", "labels.epsilon"], differences.Select(one => one.Name));
        Assert.Equal([false, true, false], differences.Select(one => one.Allowed));
        Assert.Equal("completions.k: was 8/4/4, now 16/4/4", differences[1].ToString());
        Assert.Contains("relabel", differences[2].ToString(), StringComparison.Ordinal);
        Assert.Empty(SpecComparison.Compare(Spec, Spec with { Examples = [] }));
    }

    [Fact]
    public void Compare_EveryGrowingParameter_HasAComparison()
    {
        foreach (var parameter in ParameterTable.All.Where(p => p.Change == ParameterChange.MayGrow))
        {
            var value = parameter.Name == "completions.k" ? "500/500/500" : "500";
            Assert.True(Assert.Single(SpecComparison.Compare(Spec, Spec with { Parameters = parameter.Write(Spec.Parameters, value) })).Allowed);
        }
    }

    [Fact]
    public void ClassCounts_AddedUp_TotalIsTheSum()
    {
        var counts = ClassCounts.Empty.Add("right", 3).Add("too_hard").Add("right");
        Assert.Equal((5, 4, 0), (counts.Total, counts["right"], counts["no_such"]));
        Assert.Equal(10, counts.Add(counts).Total);
    }
}
