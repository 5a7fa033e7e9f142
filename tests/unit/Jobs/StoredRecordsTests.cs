using System.Reflection;
using System.Text.Json;
using GenPrm.Core.Execution;
using GenPrm.Core.Generation;
using GenPrm.Core.Jobs;
using GenPrm.Core.Labels;
using GenPrm.Core.Problems;
using GenPrm.Core.Rationales;
using GenPrm.Core.Rollouts;
using GenPrm.Core.Samples;
using Microsoft.Extensions.DependencyInjection;
using Orleans;
using Orleans.Serialization;

namespace GenPrm.Tests.Unit.Jobs;

/// <summary>Core's stored records travel through Orleans' serializer and lose nothing.</summary>
public sealed class StoredRecordsTests
{
    private static readonly Serializer Serializer = new ServiceCollection().AddSerializer().BuildServiceProvider().GetRequiredService<Serializer>();

    private static readonly Problem Sum = new(17, "sum-1", "What is 3 + 4?", "7", 1);

    [Fact]
    public void Members_OfEveryStoredRecord_HaveAnId()
    {
        var bare = from type in typeof(JobParameters).Assembly.GetTypes()
                   where type.GetCustomAttribute<GenerateSerializerAttribute>() is not null && !type.IsEnum
                   from property in type.GetProperties(BindingFlags.Public | BindingFlags.Instance | BindingFlags.DeclaredOnly)
                   where property.CanWrite && property.GetCustomAttribute<IdAttribute>() is null
                   select $"{type.Name}.{property.Name}";
        Assert.Empty(bare);
        Assert.All(typeof(JobParameters).Assembly.GetTypes().Where(type => type.GetCustomAttribute<GenerateSerializerAttribute>() is not null),
            type => Assert.StartsWith("genprm.", type.GetCustomAttribute<AliasAttribute>(inherit: false)!.Alias, StringComparison.Ordinal));
    }

    [Fact]
    public void Job_ThroughTheSerializer_IsTheSame()
    {
        var spec = new JobSpec(new("p", "c", "j"), Profiles.ReferenceCode with { StatedAnswers = true, Seed = ulong.MaxValue }, [new("a", "b")], JobSpec.DigestOf([Sum]), ["<|im_end|>"]);
        Same(spec);
        Assert.Equal(spec.Id(), Copy(spec).Id());
        Same(ClassCounts.Empty.Add(RolloutClass.OneStep, 3).Add("used"));
        Same(spec.FirstLabelling(1));
        Same(new LineIssue(3, LineClass.Conflict, "why"));
    }

    [Fact]
    public void Facts_ThroughTheSerializer_AreTheSame()
    {
        var rollout = RolloutReader.Read(2, new(" 3 + 4 = 7\n\nStep 2: \\boxed{7}", FinishReason.EndToken, 9, []), "7", Profiles.Paper, []);
        var sampling = ProblemSampling.Empty.Apply(rollout, Profiles.Paper.Rollouts).End(new([2], new(1, 1)));
        Same(sampling);
        var score = StateScore.Empty.Apply([CompletionFact.Read(0, new(" \\boxed{7}", FinishReason.EndToken, 4, []), "7", false)]);
        Same(score);
        var labelling = new Labelling(1, Estimator.Ratio, 0.8m, StartEstimate.Policy, KTable.Paper with { Hard = 1, Medium = 1, Easy = 1 }, 1);
        Same(StepLabeller.Label(labelling, new(1, 2), null, [score, StateScore.Empty], correct: true)!);
    }

    [Fact]
    public void RationaleAndSample_ThroughTheSerializer_AreTheSame()
    {
        var parameters = Profiles.Laptop.Rationales;
        var rationale = RationaleLoop.Wrote(RationaleLoop.Begin(parameters), new("ok</analyze>\n<verify>\n```python\nf()\n```\n", FinishReason.StopString, 5, []), 2, parameters, []);
        Same(rationale);
        rationale = RationaleLoop.Ran(rationale, new SandboxOutcome.Failed("x", TimeSpan.FromSeconds(1), "E", "m"), 2, parameters, []);
        Same(rationale);
        Same(new Sample(new("job", 1, 17, 3, 0), "sum-1", [new(ChatMessage.Assistant("abc"), [new(0, 1), new(2, 3)])], [true, false]));
    }

    private static T Copy<T>(T value) => Serializer.Deserialize<T>(Serializer.SerializeToArray(value))!;

    private static void Same<T>(T value) => Assert.Equal(JsonSerializer.Serialize(value), JsonSerializer.Serialize(Copy(value)));
}
