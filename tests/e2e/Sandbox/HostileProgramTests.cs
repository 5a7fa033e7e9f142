using System.Text.Json;
using GenPrm.Core.Execution;

namespace GenPrm.Tests.EndToEnd.Sandbox;

/// <summary>Every program of the shared <c>data/hostile_python.jsonl</c> ends in an outcome, of the class that the row expects where a
/// class is meant, and the pool lives on.</summary>
public sealed class HostileProgramTests(SandboxFixture fixture) : SandboxTestBase(fixture)
{
    public static TheoryData<string> Programs
    {
        get
        {
            var file = Path.Combine(TestMaterial.SharedRoot, "data", "hostile_python.jsonl");
            return File.Exists(file) ? [.. Rows(file).Keys] : [TestMaterial.None];
        }
    }

    [Theory]
    [MemberData(nameof(Programs))]
    public async Task Program_ThatIsHostile_EndsInAnOutcome(string id)
    {
        var row = Rows(TestMaterial.Shared("data", "hostile_python.jsonl"))[id];
        var code = row.GetProperty("code").GetString()!;
        var expect = row.GetProperty("expect").GetString()!;
        var outcome = await RunAsync(code);

        Assert.True(IsExpected(expect, outcome), $"{id}: expected {expect}, came {outcome}");
        Assert.InRange(outcome.Elapsed, TimeSpan.Zero, SandboxFixture.Options.BlockTime + TimeSpan.FromSeconds(10));
        if (row.TryGetProperty("expected_stdout", out var stdout))
        {
            Assert.Equal(stdout.GetString(), outcome.Output);
            // And once more: the first run left nothing that the second could see.
            Assert.Equal(stdout.GetString(), (await RunAsync(code)).Output);
        }
        Assert.Equal("1\n", await PrintedAsync("print(1)"));
    }

    /// <summary>The row's word as a class of outcome. <c>contained</c> and <c>denied</c> say that nothing gets out, which is what the
    /// isolation tests look at; here they must only end. A program that is slow here may run out of memory first elsewhere.</summary>
    private static bool IsExpected(string expect, SandboxOutcome outcome) => outcome is not SandboxOutcome.Lost && expect switch
    {
        "ok" => outcome is SandboxOutcome.Completed,
        "error" or "killed" => outcome is SandboxOutcome.Failed,
        "timeout" => outcome is SandboxOutcome.TimedOut or SandboxOutcome.OutOfMemory,
        "memory" => outcome is SandboxOutcome.OutOfMemory or SandboxOutcome.TimedOut,
        "output_limit" => outcome is SandboxOutcome.OutputTooLarge,
        _ => true,
    };

    private static Dictionary<string, JsonElement> Rows(string file) => File.ReadLines(file)
        .Where(line => line.Length > 0)
        .Select(line => JsonDocument.Parse(line).RootElement)
        .ToDictionary(row => row.GetProperty("id").GetString()!);
}
