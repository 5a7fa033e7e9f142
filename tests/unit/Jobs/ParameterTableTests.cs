using System.Reflection;
using GenPrm.Core.Jobs;
using GenPrm.Core.Labels;

namespace GenPrm.Tests.Unit.Jobs;

public sealed class ParameterTableTests
{
    public static TheoryData<string> ProfileNames => [.. Profiles.Names];

    [Theory]
    [MemberData(nameof(ProfileNames))]
    public void Check_Profile_IsFine(string name)
    {
        Assert.Empty(ParameterTable.Check(Profiles.Find(name)));
        Assert.Equal(name, Profiles.Find(name).Profile);
    }

    [Theory]
    [MemberData(nameof(ProfileNames))]
    public void Set_EveryPairOfAProfile_GivesTheProfileAgain(string name)
    {
        var profile = Profiles.Find(name);
        var copied = ParameterTable.ToPairs(profile).Aggregate(Profiles.Paper with { Profile = name }, (set, pair) => ParameterTable.Set(set, pair.Key, pair.Value));
        Assert.Equal(ParameterTable.ToPairs(profile), ParameterTable.ToPairs(copied));
    }

    [Fact]
    public void Laptop_Figures_AreTheIssues()
    {
        var laptop = ParameterTable.ToPairs(Profiles.Laptop).ToDictionary();
        Assert.Equal(("64", "512", "4", "8/4/4"), (laptop["rollouts.max"], laptop["rollouts.max_new_tokens"], laptop["rollouts.kept"], laptop["completions.k"]));
    }

    [Theory]
    [InlineData("rollouts", "temperature=0.7 top_p=1 top_k=0 max_new_tokens=2048 first_round=32 round=16 max=2048 kept=16 prefix_blank=false")]
    [InlineData("completions", "temperature=0.7 top_p=1 top_k=0 max_new_tokens=2048 k=128/64/32 k_bounds=0.1/0.9")]
    [InlineData("labels", "estimator=ratio epsilon=0.8 start=policy")]
    [InlineData("rationales", "temperature=0.6 top_p=0.95 top_k=40 max_blocks=64 block_seconds=5 per_rollout=1")]
    public void Paper_Figures_AreTheMethods(string group, string figures)
    {
        var paper = ParameterTable.ToPairs(Profiles.Paper).ToDictionary();
        Assert.All(figures.Split(' ').Select(figure => figure.Split('=')), figure => Assert.Equal(figure[1], paper[$"{group}.{figure[0]}"]));
    }

    [Theory]
    [InlineData("rollouts.temperature", "-1", "rollouts.temperature: '-1' is not allowed; it takes a number from 0 to 100")]
    [InlineData("rollouts.temperature", "NaN", "rollouts.temperature: 'NaN' is not allowed; it takes a number from 0 to 100")]
    [InlineData("completions.k", "8/4", "completions.k: '8/4' is not allowed; it takes three whole numbers from 1, such as 128/64/32")]
    [InlineData("labels.estimator", "soft", "labels.estimator: 'soft' is not allowed; it takes ratio, difference, hard")]
    [InlineData("labels.epsilon", "0.8000001", "labels.epsilon: '0.8000001' is not allowed; it takes a decimal from -1 to 10 with at most 6 decimals")]
    [InlineData("temperature", "1", "temperature: there is no such parameter; did you mean rollouts.temperature, completions.temperature, rationales.temperature?")]
    public void Set_BadNameOrValue_SaysNameValueAndWhatIsAllowed(string name, string value, string message) =>
        Assert.Equal(message, Assert.Throws<ParameterException>(() => ParameterTable.Set(Profiles.Paper, name, value)).Message);

    [Fact]
    public void Check_ContradictingValues_NamesThem()
    {
        var wrong = ParameterTable.Check(Profiles.Laptop with { Rollouts = Profiles.Laptop.Rollouts with { Kept = 100 } });
        Assert.Equal("rollouts.kept: 100 is more than rollouts.max, 64", Assert.Single(wrong));
    }

    [Fact]
    public void All_Parameters_CoverEveryPropertyOfTheRecords()
    {
        // Every serialized member of the parameter records is reachable by some name: changing each one shows in the pairs.
        var members = new[] { typeof(RolloutParameters), typeof(CompletionParameters), typeof(LabelParameters), typeof(RationaleParameters) }
            .SelectMany(type => type.GetProperties(BindingFlags.Public | BindingFlags.Instance).Where(p => p.CanWrite && p.Name != "Sampling"))
            .Count();
        const int ElsewhereNamed = 2; // seed, stated_answers
        const int OfSampling = 3 * 4;
        const int BoundsBesideK = 1;
        Assert.Equal(members + ElsewhereNamed + OfSampling + BoundsBesideK, ParameterTable.All.Count);
        Assert.Equal(ParameterTable.All.Count, ParameterTable.All.Select(p => p.Name).Distinct().Count());
    }
}
