using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Text;
using System.Text.RegularExpressions;
using GenPrm.Core.Generation;
using GenPrm.Core.Identity;

namespace GenPrm.Tests.Cluster.Support;

/// <summary>A model by hand: policy, completer and judge of sums, whose every word follows from prompt and seed. A rollout that goes wrong says
/// "wrong turn" at the step where it does; nothing that is continued from there comes out right; a judge mostly sees it.</summary>
/// <remarks>Marks in a problem's text: [hard] is never solved, [easy] always, [poison] makes every generation fail.</remarks>
public sealed partial class ScriptedModel : IGenerator
{
    private readonly ConcurrentDictionary<ulong, int> _served = [];
    private int _refused;
    private TaskCompletionSource _gate = Open();

    /// <summary>How often each continuation was made, by its seed.</summary>
    public IReadOnlyDictionary<ulong, int> Served => _served;

    /// <summary>While it is set, no model is there, for this reason.</summary>
    public string? Away { get; set; }

    /// <summary>How many requests found no model.</summary>
    public int Refused => _refused;

    /// <summary>Whether [poison] still works.</summary>
    public bool Healed { get; set; }

    /// <summary>Told of every request before it is worked on.</summary>
    public event Action<GenerationRequest>? Asked;

    /// <summary>Requests wait until <see cref="Release"/>.</summary>
    public void Hold() => _gate = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public void Release() => _gate.TrySetResult();

    public async Task<GenerationResult> GenerateAsync(GenerationRequest request, CancellationToken cancellationToken)
    {
        Asked?.Invoke(request);
        if (Away is { } reason)
        {
            Interlocked.Increment(ref _refused);
            throw new GeneratorUnavailableException(reason);
        }

        await _gate.Task.WaitAsync(cancellationToken);
        var prompt = (Prompt.Chat)request.Prompt;
        if (!Healed && prompt.Messages[^1].Content.Contains("[poison]", StringComparison.Ordinal))
            throw new InvalidOperationException("this prompt breaks the engine");
        foreach (var seed in request.Seeds)
            _served.AddOrUpdate(seed, 1, (_, times) => times + 1);
        return new(10, [.. request.Seeds.Select(seed => Continue(request.Model, prompt, new RandomStream(seed)))]);
    }

    public Task<ImmutableArray<double>> ScoreAsync(ScoreRequest request, CancellationToken cancellationToken) =>
        throw new NotSupportedException("No job scores.");

    private static Completion Continue(string model, Prompt.Chat prompt, RandomStream random) =>
        model == "judge" ? Judge(prompt, random) : Solve(prompt, random);

    private static Completion Solve(Prompt.Chat prompt, RandomStream random)
    {
        var problem = prompt.Messages[^1].Content;
        var sum = Numbers().Matches(problem).Take(2).Sum(number => int.Parse(number.Value, System.Globalization.CultureInfo.InvariantCulture));
        var given = Headers().Count(prompt.Prefill) - 1;
        var alreadyWrong = prompt.Prefill.Contains("wrong turn", StringComparison.Ordinal);
        var right = !alreadyWrong && !problem.Contains("[hard]", StringComparison.Ordinal) && (problem.Contains("[easy]", StringComparison.Ordinal) || random.NextDouble() < (given == 0 ? 0.5 : 0.8));
        var last = Math.Max(given + 1, 4);
        var wrongAt = right || alreadyWrong ? 0 : given + 1 + random.NextInt32(last - given);
        var text = new StringBuilder();
        for (var step = given + 1; step <= last; step++)
        {
            text.Append(step == given + 1 ? "" : $"Step {step}:").Append($" variant {random.NextInt32(1000)}");
            text.Append(step == wrongAt ? " takes a wrong turn." : " goes on.");
            text.Append(step == last ? $" The answer is \\boxed{{{(right ? sum : sum + 1 + random.NextInt32(5))}}}." : "\n\n");
        }

        return new(text.ToString(), FinishReason.EndToken, 20, []);
    }

    private static Completion Judge(Prompt.Chat prompt, RandomStream random)
    {
        var solution = prompt.Messages[^1].Content;
        var paragraphs = Paragraphs().Matches(solution);
        var wrong = paragraphs.Select(paragraph => paragraph.Value.Contains("wrong turn", StringComparison.Ordinal)).ToList().IndexOf(true);
        var done = Regex.Count(prompt.Prefill, @"\[Code Output\]");
        var text = new StringBuilder();
        if (done > 0)
            text.Append("The output agrees.\n</verify>\n\n");
        if (done < paragraphs.Count)
        {
            text.Append(done == 0 ? "" : $"### Paragraph {done + 1}\n<analyze>\n");
            text.Append($"Paragraph {done + 1} is looked at.\n</analyze>\n<verify>\n```python\nprint({done + 1})\n```\n");
            return new(text.ToString(), FinishReason.StopString, 30, []);
        }

        var index = random.NextDouble() < 0.8 ? (wrong < 0 ? -1 : wrong + 1) : 1;
        text.Append($"The index is $\\boxed{{{index}}}$.");
        return new(text.ToString(), FinishReason.EndToken, 10, []);
    }

    private static TaskCompletionSource Open()
    {
        var open = new TaskCompletionSource();
        open.SetResult();
        return open;
    }

    [GeneratedRegex(@"\d+")]
    private static partial Regex Numbers();

    [GeneratedRegex(@"^Step \d+:", RegexOptions.Multiline)]
    private static partial Regex Headers();

    [GeneratedRegex(@"<paragraph_\d+>\n.*?</paragraph_\d+>", RegexOptions.Singleline)]
    private static partial Regex Paragraphs();
}
