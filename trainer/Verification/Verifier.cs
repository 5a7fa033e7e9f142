using System.Collections.Immutable;
using System.Runtime.ExceptionServices;
using GenPrm.Core.Execution;
using GenPrm.Core.Generation;
using GenPrm.Core.Identity;
using GenPrm.Core.Samples;
using GenPrm.Core.Scoring;

namespace GenPrm.Trainer.Verification;

/// <summary>The generative verifier at work (section 8): judges solutions step by step on N paths, each with its own history and its own interpreter. All paths of all
/// solutions ask the generator at once, so they share its running batch and their common prefixes.</summary>
/// <remarks>Safe for concurrent calls. What a path draws comes from seed, solution, path, step and continuation alone: company and order change nothing.</remarks>
public sealed class Verifier : IStepScorer, IAsyncDisposable
{
    private readonly VerifierOptions options;
    private readonly PatientGenerator generator;
    private readonly SemaphoreSlim places;
    private readonly JudgeInterpreters? interpreters;
    private readonly bool ownsInterpreters;
    private long calls;
    private long steps;
    private long tokens;
    private long blocks;

    /// <param name="generator">The model.</param>
    /// <param name="sandbox">Where code runs; null where no call asks for execution.</param>
    /// <param name="options">Which model, and how much at once.</param>
    /// <param name="time">For delays and idle interpreters.</param>
    public Verifier(IGenerator generator, ISandbox? sandbox, VerifierOptions options, TimeProvider time)
        : this(options, generator, sandbox is null ? null : new(sandbox, Valid(options).Interpreters, options.FirstWait, time), ownsInterpreters: true, time)
    {
    }

    private Verifier(VerifierOptions options, IGenerator generator, JudgeInterpreters? interpreters, bool ownsInterpreters, TimeProvider time)
    {
        this.options = Valid(options);
        this.generator = new(generator, options.Tries, options.FirstWait, time);
        places = new(options.PathsAtOnce);
        (this.interpreters, this.ownsInterpreters) = (interpreters, ownsInterpreters);
    }

    /// <summary>A verifier beside others over one sandbox.</summary>
    /// <param name="interpreters">All of theirs, the caller's to dispose; null where no call asks for execution. <see cref="VerifierOptions.Interpreters"/> is not looked at.</param>
    public static Verifier Sharing(IGenerator generator, JudgeInterpreters? interpreters, VerifierOptions options, TimeProvider time) => new(options, generator, interpreters, ownsInterpreters: false, time);

    public bool IsSampled => true;

    /// <summary>All that was done since the beginning.</summary>
    public VerifierWork Work => new(Interlocked.Read(ref steps), Interlocked.Read(ref tokens), Interlocked.Read(ref blocks));

    /// <inheritdoc/>
    public Task<SolutionScore> ScoreAsync(Solution solution, PanelPlan plan, ulong seed, CancellationToken cancellationToken) =>
        ScoreAsync(solution, plan, seed, options.Judge, cancellationToken);

    /// <summary>Scores one solution in a mode of the call's own.</summary>
    /// <exception cref="ArgumentException">There is no step, or code is to run and there is no sandbox.</exception>
    /// <exception cref="SandboxUnavailableException">No sandbox is to be had.</exception>
    /// <exception cref="VerificationException">The model could not be asked.</exception>
    public async Task<SolutionScore> ScoreAsync(Solution solution, PanelPlan plan, ulong seed, JudgeOptions judge, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(solution);
        ArgumentNullException.ThrowIfNull(plan);
        ArgumentNullException.ThrowIfNull(judge);
        if (solution.Steps.IsDefaultOrEmpty)
            throw new ArgumentException($"{solution.Id} has no steps to judge", nameof(solution));
        if (judge is { Verify: true, Execute: true } && interpreters is null)
            throw new ArgumentException("code is to run and there is no sandbox", nameof(judge));
        if (solution.Steps.Prepend(solution.Problem).Select(text => ControlTokens.FirstIn(text, options.ControlTokens)).FirstOrDefault(token => token is not null) is { } special)
            return new SolutionScore.Failed(solution.Id, $"its text holds the model's special token {special}, which would end a turn where none ends");
        if (solution.Steps.Prepend(solution.Problem).Select(ConversationForm.MarkIn).FirstOrDefault(mark => mark is not null) is { } own)
            return new SolutionScore.Failed(solution.Id, $"its text holds {own}, which only a judge's turn has");

        var call = Interlocked.Increment(ref calls);
        VerifierPath[] paths = [.. Enumerable.Range(0, plan.Paths).Select(path => new VerifierPath(this, $"{options.Model}/{call}/{path}", $"{solution.Id}/p{path}", solution, seed, judge))];
        using var giveUp = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        try
        {
            for (var next = Next(); !next.IsEmpty; next = Next())
                await JudgeStepAsync([.. next.Select(path => paths[path])], giveUp);
            return new SolutionScore.Judged(solution.Id, [.. paths.Select(path => path.Score)]);
        }
        catch (GenerationException refused)
        {
            return new SolutionScore.Failed(solution.Id, refused.Message);
        }
        finally
        {
            if (interpreters is not null)
                await Task.WhenAll(paths.Select(path => interpreters.CloseAsync(path.Owner)));
        }

        ImmutableArray<int> Next() => plan.Next([.. paths.Select(path => path.Score.Rewards)], solution.Steps.Length);
    }

    /// <summary>Closes its own interpreters, those of calls that are not done as soon as their block has ended.</summary>
    public async ValueTask DisposeAsync()
    {
        if (ownsInterpreters && interpreters is not null)
            await interpreters.DisposeAsync();
    }

    /// <summary>The next step on some paths. The first that fails takes the others with it; all have ended when this returns.</summary>
    private async Task JudgeStepAsync(IReadOnlyList<VerifierPath> paths, CancellationTokenSource giveUp)
    {
        Exception? first = null;
        await Task.WhenAll(paths.Select(async path =>
        {
            try
            {
                await places.WaitAsync(giveUp.Token);
                try
                {
                    await path.JudgeNextAsync(giveUp.Token);
                    Interlocked.Increment(ref steps);
                }
                finally
                {
                    places.Release();
                }
            }
            catch (Exception error)
            {
                // What others throw from here on comes of being given up.
                if (Interlocked.CompareExchange(ref first, error, null) is null)
                    await giveUp.CancelAsync();
            }
        }));
        if (first is not null)
            ExceptionDispatchInfo.Throw(first);
    }

    /// <summary>One continuation of a turn. It ends where the model writes a control token, or spells one: such a text, encoded again for the next question, would end the turn.</summary>
    internal async Task<Completion> WriteAsync(Prompt prompt, Sampling sampling, ulong seed, CancellationToken cancellationToken)
    {
        var written = await generator.GenerateAsync(new(options.Model, prompt, [seed], sampling), cancellationToken);
        Interlocked.Add(ref tokens, written.Completions[0].Tokens);
        var completion = written.Completions[0];
        var end = ControlTokens.PlaceInOwnTurn(completion.Text, options.ControlTokens);
        return end < 0 ? completion : completion with { Text = completion.Text[..end], Finish = FinishReason.EndToken };
    }

    /// <summary>The log probabilities of Yes and No behind a prompt.</summary>
    internal Task<ImmutableArray<double>> WeighAsync(Prompt prompt, CancellationToken cancellationToken) =>
        generator.ScoreAsync(new(options.Model, prompt, [StepJudge.Yes, StepJudge.No]), cancellationToken);

    /// <summary>Runs a path's newest block. Output that holds a control token becomes an error text.</summary>
    internal async Task<SandboxOutcome> RunAsync(string owner, ImmutableArray<string> code, CancellationToken cancellationToken)
    {
        var outcome = await interpreters!.RunAsync(owner, code, options.BlockTime, cancellationToken);
        Interlocked.Increment(ref blocks);
        var said = outcome is SandboxOutcome.Failed failed ? $"{outcome.Output}{failed.ErrorType}{failed.Message}" : outcome.Output;
        return ControlTokens.FirstIn(said, options.ControlTokens) is not null
            ? new SandboxOutcome.Failed("", outcome.Elapsed, "ValueError", "the output holds one of the model's special tokens")
            : outcome;
    }

    internal Prompt Open(ImmutableArray<ChatMessage> messages, string turn) => new Prompt.Chat(messages, turn) { Untagged = options.UntaggedTurn };

    private static VerifierOptions Valid(VerifierOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        return options;
    }
}
