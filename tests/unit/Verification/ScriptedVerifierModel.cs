using System.Collections.Concurrent;
using System.Collections.Immutable;
using GenPrm.Core.Generation;

namespace GenPrm.Tests.Unit.Verification;

/// <summary>Writes critiques in the right form, different for every seed. A step that says "wrong" is judged No.</summary>
internal sealed class ScriptedVerifierModel : IGenerator
{
    private int _atOnce;

    /// <summary>Every prompt that was to be continued.</summary>
    public ConcurrentBag<Prompt.Chat> Asked { get; } = [];

    public int MostAtOnce { get; private set; }

    /// <summary>Thrown, if it gives an exception, in place of an answer.</summary>
    public Func<Prompt.Chat, Exception?> Fails { get; set; } = _ => null;

    /// <summary>While it is set, no answer comes.</summary>
    public TaskCompletionSource? Hold { get; set; }

    /// <summary>What is written behind the last output, in place of the judgement.</summary>
    public Func<string, string?> Conclude { get; set; } = _ => null;

    public async Task<GenerationResult> GenerateAsync(GenerationRequest request, CancellationToken cancellationToken)
    {
        var prompt = (Prompt.Chat)request.Prompt;
        Asked.Add(prompt);
        lock (Asked)
            MostAtOnce = Math.Max(MostAtOnce, ++_atOnce);
        try
        {
            await Task.Yield();
            if (Hold is { } hold)
                await hold.Task.WaitAsync(cancellationToken);
            if (Fails(prompt) is { } error)
                throw error;
            return new(10, [new(Text(prompt, request.Seeds[0] % 1000), FinishReason.StopString, 10, [])]);
        }
        finally
        {
            lock (Asked)
                _atOnce--;
        }
    }

    public Task<ImmutableArray<double>> ScoreAsync(ScoreRequest request, CancellationToken cancellationToken)
    {
        var prompt = (Prompt.Chat)request.Prompt;
        Assert.EndsWith("\\boxed{", prompt.Prefill, StringComparison.Ordinal);
        Assert.Equal(["Yes", "No"], request.Alternatives);
        var wrong = prompt.Messages[^1].Content.Contains("wrong", StringComparison.Ordinal);
        return Task.FromResult<ImmutableArray<double>>([Math.Log(wrong ? 0.1 : 0.6), Math.Log(wrong ? 0.3 : 0.2)]);
    }

    private string Text(Prompt.Chat prompt, ulong number)
    {
        var turn = prompt.Prefill;
        if (turn.EndsWith("step by step: ", StringComparison.Ordinal))
            return $"thought {number}.\n</analyze>\n";
        if (turn.EndsWith("```python\n", StringComparison.Ordinal))
            return $"print({number})\n```\n";
        var verdict = prompt.Messages[^1].Content.Contains("wrong", StringComparison.Ordinal) ? "No" : "Yes";
        if (turn.EndsWith("\\boxed", StringComparison.Ordinal))
            return Conclude(turn) ?? $"{{{verdict}}}$\n</output>\n";
        return Conclude(turn) ?? $"It agrees.\n</verify>\n<output>\n**Judgement**: $\\boxed{{{verdict}}}$\n</output>\n";
    }
}
