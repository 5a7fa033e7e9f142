using GenPrm.Core.Generation;
using GenPrm.Trainer.Verification;
using Microsoft.Extensions.Time.Testing;

namespace GenPrm.Tests.Unit.Verification;

public sealed class PatientGeneratorTests
{
    private static readonly GenerationRequest Request = new("m", new Prompt.Chat([ChatMessage.User("?")], "step by step: "), [1], new());

    [Fact]
    public async Task Generate_FaultsOfTheEngine_AreTriedAgainAfterGrowingWaits()
    {
        var time = new FakeTimeProvider();
        var model = new ScriptedVerifierModel { Fails = _ => new InvalidOperationException("a fault") };
        var call = new PatientGenerator(model, 3, TimeSpan.FromSeconds(1), time).GenerateAsync(Request, TestContext.Current.CancellationToken);
        var start = time.GetUtcNow();
        while (!call.IsCompleted)
        {
            time.Advance(TimeSpan.FromMilliseconds(100));
            await Task.Yield();
        }

        Assert.Contains("failed 3 times, the last time so: a fault", (await Assert.ThrowsAsync<VerificationException>(() => call)).Message, StringComparison.Ordinal);
        Assert.Equal(3, model.Asked.Count);
        Assert.True(time.GetUtcNow() - start >= TimeSpan.FromSeconds(3));
    }

    [Fact]
    public async Task Generate_WhatIsRefused_IsNotTriedAgain()
    {
        var model = new ScriptedVerifierModel { Fails = _ => new GenerationException("too long") };
        var patient = new PatientGenerator(model, 3, TimeSpan.Zero, TimeProvider.System);
        await Assert.ThrowsAsync<GenerationException>(() => patient.GenerateAsync(Request, TestContext.Current.CancellationToken));
        Assert.Single(model.Asked);
    }
}
