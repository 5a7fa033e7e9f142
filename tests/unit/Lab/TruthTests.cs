using GenPrm.Core.Labels;
using GenPrm.Grains.Jobs;
using GenPrm.Model.Engine;
using GenPrm.Sandbox;
using GenPrm.Silo.Hosting;
using GenPrm.Trainer.Runs;

namespace GenPrm.Tests.Unit.Lab;

/// <summary>The truth lives in the lab's room, and none of the rooms that make or judge anything can know it.</summary>
public sealed class TruthTests
{
    [Theory]
    [InlineData(typeof(StepLabeller))]
    [InlineData(typeof(IJobGrain))]
    [InlineData(typeof(GenerationEngine))]
    [InlineData(typeof(SandboxOptions))]
    [InlineData(typeof(LocalHost))]
    [InlineData(typeof(TrainingRun))]
    public void Room_OfThePipeline_DoesNotKnowTheLab(Type room) =>
        Assert.DoesNotContain("GenPrm.Lab", room.Assembly.GetReferencedAssemblies().Select(assembly => assembly.Name));
}
