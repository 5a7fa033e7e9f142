using System.Collections.Immutable;
using GenPrm.Core.Generation;
using GenPrm.Core.Samples;
using GenPrm.Core.Scoring;
using GenPrm.Model.Chat;
using GenPrm.Model.Checkpoints;
using GenPrm.Model.Tokenization;
using GenPrm.Model.Torch;
using GenPrm.Model.Training;
using GenPrm.Trainer.Data;
using GenPrm.Trainer.Runs;

namespace GenPrm.Trainer.Verification;

/// <summary>A discriminative process reward model (eq. 2) at work: a value head's probability at the last token of each step, all steps of a solution in one forward
/// pass, over the very text that it was trained on.</summary>
/// <remarks>Safe for concurrent calls; one solution is computed at a time, so that company can not change the last bits of a reward.</remarks>
public sealed class ScalarScorer : IStepScorer, IDisposable, IAsyncDisposable
{
    private readonly TrainableModel model;
    private readonly ConversationEncoder encoder;
    private readonly ImmutableArray<string> controlTokens;
    private readonly ComputeThread compute;
    private readonly SemaphoreSlim turn = new(1);
    private long steps;

    private ScalarScorer(TrainableModel model, Tokenizer tokenizer, ChatTemplate template, int threads)
    {
        this.model = model;
        encoder = new(tokenizer, template, Objective.Scalar);
        controlTokens = ControlTags.Of(tokenizer, template);
        compute = new(threads > 0 ? threads : ComputeThread.Default(model.Config.ParameterCount, model.Config.MaxPositions));
    }

    public bool IsSampled => false;

    /// <summary>All that was done since the beginning: steps read, nothing written.</summary>
    public VerifierWork Work => new(Interlocked.Read(ref steps), 0, 0);

    /// <summary>Loads a folder that <c>genprm train --objective scalar</c> wrote.</summary>
    /// <param name="folder">A Hugging Face folder with <c>score.weight</c> and <c>score.bias</c> among its tensors.</param>
    /// <param name="target">Where, and in which numbers.</param>
    /// <param name="time">For the chat template's date.</param>
    /// <param name="threads">Of a matrix product; 0 for a number by the model's size.</param>
    /// <exception cref="CheckpointException">The folder is broken, or has no value head.</exception>
    public static ScalarScorer Load(string folder, TorchTarget target, TimeProvider time, int threads = 0)
    {
        var (tokenizer, template) = (Tokenizer.Load(folder), ChatTemplate.Load(folder, time));
        return new(TrainableModelBuilder.Load(folder, target, HeadKind.Value, frozen: true), tokenizer, template, threads);
    }

    /// <inheritdoc/>
    public async Task<SolutionScore> ScoreAsync(Solution solution, PanelPlan plan, ulong seed, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(solution);
        ArgumentNullException.ThrowIfNull(plan);
        if (solution.Steps.IsDefaultOrEmpty)
            throw new ArgumentException($"{solution.Id} has no steps to judge", nameof(solution));
        if (solution.Steps.Prepend(solution.Problem).Select(text => ControlTokens.FirstIn(text, controlTokens)).FirstOrDefault(token => token is not null) is { } special)
            return new SolutionScore.Failed(solution.Id, $"its text holds the model's special token {special}, which would end a turn where none ends");
        if (solution.Steps.Any(string.IsNullOrWhiteSpace))
            return new SolutionScore.Failed(solution.Id, "one of its steps is empty: there is no token to read a reward at");
        var sequence = Encode(solution);
        if (sequence.Tokens.Length > model.Config.MaxPositions)
            return new SolutionScore.Failed(solution.Id, $"it has {sequence.Tokens.Length} tokens, and the model takes {model.Config.MaxPositions}");
        await turn.WaitAsync(cancellationToken);
        double[] rewards;
        try
        {
            rewards = await compute.Run(() => model.Values(MicroBatch.Pack([sequence])));
        }
        finally
        {
            turn.Release();
        }

        Interlocked.Add(ref steps, rewards.Length);
        if (Array.Exists(rewards, reward => !double.IsFinite(reward)))
            throw new VerificationException($"the model's reward of {solution.Id} is not a number: its weights are damaged, or {model.Target.Dtype} is too narrow for them");
        return new SolutionScore.Judged(solution.Id, [Asked(plan, rewards)]);
    }

    public void Dispose()
    {
        compute.Dispose();
        turn.Dispose();
        model.Dispose();
    }

    public ValueTask DisposeAsync()
    {
        Dispose();
        return ValueTask.CompletedTask;
    }

    /// <summary>The rewards as far as the plan asks for them.</summary>
    private static PathScore Asked(PanelPlan plan, double[] rewards)
    {
        var one = plan with { Paths = 1 };
        var scores = ImmutableArray<StepScore>.Empty;
        while (!one.Next([new PathScore(scores).Rewards], rewards.Length).IsEmpty)
        {
            var reward = rewards[scores.Length];
            scores = scores.Add(new(scores.Length + 1, reward, StepClass.Scalar) { Verdict = reward >= 0.5 });
        }

        return new(scores);
    }

    /// <summary>The solution as a sample of it would be encoded; its labels are not known and not looked at.</summary>
    private TrainingSequence Encode(Solution solution)
    {
        var turns = solution.Steps.SelectMany((step, index) => (SampleTurn[])
        [
            SampleTurn.Untrained(ChatMessage.User(index == 0 ? ConversationForm.FirstUserTurn(solution.Problem, step) : step)),
            SampleTurn.Untrained(ChatMessage.Assistant("")),
        ]);
        try
        {
            return encoder.Encode(new(solution.Id, solution.Id, [.. turns], [.. solution.Steps.Select(_ => true)])).Sequences[0];
        }
        catch (TrainingException error)
        {
            throw new VerificationException(error.Message, error);
        }
    }
}
