using System.Diagnostics;
using System.Text.Json;
using GenPrm.Tests.EndToEnd.Sandbox;

namespace GenPrm.Tests.EndToEnd.Jobs;

/// <summary>Whole jobs by the real program: embedded Garnet, real containers, a real model of 0.7 million parameters.</summary>
[Collection("jobs")]
public sealed class JobTests : IDisposable
{
    private readonly GenPrmProgram _genprm = new();

    public void Dispose() => _genprm.Dispose();

    [Fact]
    public async Task Run_KilledInTheMiddleAndResumed_LosesAndDoublesNothing()
    {
        await SandboxFixture.RequireAsync();
        Process first = _genprm.Start("run", GenPrmProgram.ExampleJob, "--name", "killed", "--limit", "6", "--json");
        JsonElement before = await _genprm.UntilAsync("killed", summary => summary.Count("steps", "completions") > 0 && summary.State() == "running", first);
        first.Kill();
        await first.WaitForExitAsync(TestContext.Current.CancellationToken);

        JsonElement between = await _genprm.JsonAsync("status", "killed");
        JsonElement after = await _genprm.JsonAsync("resume", "killed");

        Assert.True(between.Total("rollouts") >= before.Total("rollouts"));
        Assert.True(between.Count("steps", "completions") >= before.Count("steps", "completions"));
        Assert.Equal("done", after.State());
        Assert.Equal(6, after.Total("problems"));
        after.AssertAddsUp();
        Assert.Equal(after.Total("samples"), after.Total("rationales"));
        await AssertNothingIsDoubledAsync(after);
    }

    [Fact]
    public async Task Pause_FromASecondTerminal_EndsTheRunAndResumeGoesOn()
    {
        await SandboxFixture.RequireAsync();
        // Many completions a step: the job must still have work when the second terminal's commands have started.
        Process run = _genprm.Start("run", GenPrmProgram.ExampleJob, "--name", "paused", "--set", "completions.k=64/64/64");
        await _genprm.UntilAsync("paused", summary => summary.Total("rollouts") > 0, run);

        await _genprm.RunAsync(0, "inspect", "paused/0");
        await _genprm.RunAsync(0, "pause", "paused");
        (int code, _, string said) = await GenPrmProgram.EndAsync(run);

        Assert.Equal(130, code);
        Assert.Contains("genprm resume paused", said, StringComparison.Ordinal);
        Assert.Equal("paused", (await _genprm.JsonAsync("status", "paused")).State());
        Assert.Equal("done", (await _genprm.JsonAsync("resume", "paused")).State());
    }

    [Fact]
    public async Task Run_InterruptedByCtrlC_StopsInOrderSaysHowToGoOnAndResumeFinishes()
    {
        await SandboxFixture.RequireAsync();
        Process run = _genprm.Start("run", GenPrmProgram.ExampleJob, "--name", "stopped", "--limit", "3", "--set", "completions.k=128/128/128");
        await _genprm.UntilAsync("stopped", summary => summary.Total("rollouts") > 0, run);

        GenPrmProgram.Interrupt(run);
        (int code, _, string said) = await GenPrmProgram.EndAsync(run);

        Assert.Equal(130, code);
        Assert.EndsWith("Go on with: genprm resume stopped", said.TrimEnd(), StringComparison.Ordinal);
        Assert.Equal("paused", (await _genprm.JsonAsync("status", "stopped")).State());
        JsonElement done = await _genprm.JsonAsync("resume", "stopped");
        Assert.Equal("done", done.State());
        Assert.Equal(3, done.Total("problems"));
        done.AssertAddsUp();
    }

    [Fact]
    public async Task Run_HostKilledWhileASecondRunIsAttached_TheSecondTakesTheStoreAndFinishes()
    {
        await SandboxFixture.RequireAsync();
        string[] command = ["run", GenPrmProgram.ExampleJob, "--name", "handed", "--limit", "4", "--set", "completions.k=64/64/64", "--json"];
        Process first = _genprm.Start(command);
        await _genprm.UntilAsync("handed", summary => summary.Total("rollouts") > 0, first);
        Process second = _genprm.Start(command);
        string? said;
        do
        {
            said = await second.StandardError.ReadLineAsync(TestContext.Current.CancellationToken);
        }
        while (said?.Contains("another process hosts the store", StringComparison.Ordinal) == false);
        Assert.NotNull(said);
        Assert.False(first.HasExited, "The job ended before its host could be killed.");

        first.Kill();
        (int code, string output, string errors) = await GenPrmProgram.EndAsync(second);

        Assert.True(code == 0, $"It ended with {code}:\n{errors}");
        Assert.Contains("going on here", errors, StringComparison.Ordinal);
        JsonElement done = JsonDocument.Parse(output).RootElement;
        Assert.Equal("done", done.State());
        done.AssertAddsUp();
    }

    [Fact]
    public async Task Relabel_OfADoneJob_MakesItsLabelsFromTheSameCountsAndLeavesTheOldOnes()
    {
        await SandboxFixture.RequireAsync();
        JsonElement done = await _genprm.JsonAsync("run", GenPrmProgram.ExampleJob, "--name", "labels", "--limit", "3");
        await _genprm.RunAsync(0, "export", "labels", "--to", Path.Combine(_genprm.Folder, "before"));

        await _genprm.RunAsync(0, "relabel", "labels", "--estimator", "hard");

        await _genprm.RunAsync(0, "export", "labels", "--to", Path.Combine(_genprm.Folder, "again"));
        await _genprm.RunAsync(0, "export", "labels", "--labelling", "2", "--to", Path.Combine(_genprm.Folder, "hard"));
        Assert.Equal(
            await File.ReadAllTextAsync(Path.Combine(_genprm.Folder, "before", "steps.jsonl"), TestContext.Current.CancellationToken),
            await File.ReadAllTextAsync(Path.Combine(_genprm.Folder, "again", "steps.jsonl"), TestContext.Current.CancellationToken));
        List<JsonElement> hard = [.. Summaries.Lines(Path.Combine(_genprm.Folder, "hard", "steps.jsonl"))];
        Assert.Equal(done.Total("steps"), hard.Count);
        Assert.All(hard, step => Assert.Equal(step.GetProperty("after_right").GetInt32() > 0, step.GetProperty("label").GetBoolean()));
        JsonElement after = await _genprm.JsonAsync("status", "labels");
        Assert.Equal(done.GetProperty("work").GetRawText(), after.GetProperty("work").GetRawText());
        Assert.Equal("done", after.State());
    }

    [Fact]
    public async Task Run_TheSameJobAgain_ShowsItWithoutWorkAndAnotherParameterIsRefusedByName()
    {
        await SandboxFixture.RequireAsync();
        string[] run = ["run", GenPrmProgram.ExampleJob, "--name", "same", "--limit", "1"];
        JsonElement first = await _genprm.JsonAsync(run);

        Assert.Equal(first.GetProperty("work").GetRawText(), (await _genprm.JsonAsync(run)).GetProperty("work").GetRawText());

        (int code, _, string errors) = await GenPrmProgram.EndAsync(_genprm.Start([.. run, "--set", "rollouts.temperature=0.9"]));
        Assert.Equal(1, code);
        Assert.Contains("rollouts.temperature", errors, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", errors, StringComparison.Ordinal);
    }

    /// <summary>Every problem's rollouts make the total, every step is exported once, and no step has more completions than K.</summary>
    private async Task AssertNothingIsDoubledAsync(JsonElement summary)
    {
        string job = summary.GetProperty("id").GetString()!;
        JsonElement inspected = await _genprm.JsonAsync("inspect", job);
        Assert.Equal(summary.Total("rollouts"), inspected.GetProperty("problems").EnumerateArray().Sum(row => row.GetProperty("sampled").GetInt64()));

        string folder = Path.Combine(_genprm.Folder, "export");
        await _genprm.RunAsync(0, "export", job, "--to", folder);
        List<JsonElement> steps = [.. Summaries.Lines(Path.Combine(folder, "steps.jsonl"))];
        Assert.Equal(summary.Total("steps"), steps.Count);
        Assert.Equal(steps.Count, steps.DistinctBy(step => (step.GetProperty("problem").GetInt32(), step.GetProperty("rollout").GetInt32(), step.GetProperty("step").GetInt32())).Count());
        Assert.All(steps.Where(step => step.GetProperty("source").GetString() == "completions"), step => Assert.Equal(8, step.GetProperty("completions").GetInt32()));
        Assert.Equal(summary.Count("samples", "accepted"), Summaries.Lines(Path.Combine(folder, "samples.jsonl")).LongCount());
    }
}
