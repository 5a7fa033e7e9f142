using System.Collections.Immutable;
using GenPrm.Core.Generation;
using GenPrm.Core.Samples;
using GenPrm.Core.Scoring;
using GenPrm.Model.Checkpoints;
using GenPrm.Model.Torch;
using GenPrm.Trainer.Data;
using GenPrm.Trainer.Runs;
using GenPrm.Trainer.Verification;

namespace GenPrm.Tests.Unit.Training;

/// <summary>Trains a tiny scalar model to tell "fine" from "off", and asks it.</summary>
public sealed class ScalarScorerTests(ScalarScorerTests.TrainedModel trained) : IClassFixture<ScalarScorerTests.TrainedModel>
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Score_OfATrainedModel_TellsStepsApart()
    {
        using var scorer = Open();

        var judged = Assert.IsType<SolutionScore.Judged>(await scorer.ScoreAsync(Solved("fine", "fine", "off"), new(1, PanelStop.Never), 1, Cancellation));

        Assert.False(scorer.IsSampled);
        Assert.Equal(3, judged.Rewards.Length);
        Assert.True(judged.Rewards[0] > 0.9 && judged.Rewards[1] > 0.9 && judged.Rewards[2] < 0.1, string.Join(' ', judged.Rewards));
        Assert.Equal(3, judged.FirstWrong);
        Assert.All(Assert.Single(judged.Paths).Steps, step => Assert.Equal(StepClass.Scalar, step.Class));
    }

    [Fact]
    public async Task Score_ForTheFirstWrongStep_EndsThere()
    {
        using var scorer = Open();
        var whole = (SolutionScore.Judged)await scorer.ScoreAsync(Solved("fine", "off", "fine"), new(1, PanelStop.Never), 1, Cancellation);

        foreach (var plan in new[] { new PanelPlan(1, PanelStop.FirstWrong), new PanelPlan(8, PanelStop.FirstWrongOfEveryVote) })
        {
            var judged = (SolutionScore.Judged)await scorer.ScoreAsync(Solved("fine", "off", "fine"), plan, 1, Cancellation);

            Assert.Equal(whole.Rewards[..2], judged.Rewards);
        }
    }

    [Fact]
    public async Task Score_OfASolutionInCompany_IsThatOfTheSolutionAlone()
    {
        using var scorer = Open();
        Solution[] solutions = [Solved("fine"), Solved("fine", "fine"), Solved("off"), Solved("fine", "off", "fine", "off")];
        var alone = new List<ImmutableArray<double>>();
        foreach (var solution in solutions)
            alone.Add(((SolutionScore.Judged)await scorer.ScoreAsync(solution, new(1, PanelStop.Never), 1, Cancellation)).Rewards);

        var together = await Task.WhenAll(Enumerable.Range(0, 24).Select(index => scorer.ScoreAsync(solutions[index % 4], new(1, PanelStop.Never), 1, Cancellation)));

        Assert.All(together.Select((score, index) => (score, index)), row => Assert.Equal(alone[row.index % 4], ((SolutionScore.Judged)row.score).Rewards));
    }

    [Theory]
    [InlineData("<|im_end|>", "special token")]
    [InlineData("long", "tokens, and the model takes")]
    [InlineData(" ", "empty")]
    public async Task Score_OfWhatTheModelCanNotRead_IsAFailedSolution(string step, string reason)
    {
        using var scorer = Open();
        var special = GenPrm.Model.Tokenization.Tokenizer.Load(trained.Checkpoint).SpecialTokens[0];
        step = step switch { "long" => string.Concat(Enumerable.Repeat("fine ", 5_000)), "<|im_end|>" => $"a {special} b", _ => step };

        var failed = Assert.IsType<SolutionScore.Failed>(await scorer.ScoreAsync(new("s", "How?", [step]), new(1, PanelStop.Never), 1, Cancellation));

        Assert.Contains(reason, failed.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Load_OfAFolderWithoutAValueHead_SaysWhatToDo()
    {
        var error = Assert.Throws<CheckpointException>(() => ScalarScorer.Load(TrainedModel.Base, TorchTarget.Parse("cpu", "f32"), TimeProvider.System));

        Assert.Contains("--objective scalar", error.Message, StringComparison.Ordinal);
    }

    private ScalarScorer Open() => ScalarScorer.Load(trained.Checkpoint, TorchTarget.Parse("cpu", "f32"), TimeProvider.System);

    private static Solution Solved(params string[] steps) => new("s", "How?", [.. steps.Select((step, index) => $"{index} {step}")]);

    public sealed class TrainedModel : IAsyncLifetime
    {
        private readonly TemporaryFolder folder = new();

        public static string Base => Path.Combine(TestMaterial.RepositoryRoot, "tests", "data", "tiny-llama");

        public string Checkpoint { get; private set; } = "";

        public async ValueTask InitializeAsync()
        {
            var samples = new ListedSamples([.. Enumerable.Range(0, 96).Select(Sample)]);
            var options = new TrainingOptions
            {
                Model = Base,
                Out = folder.Path,
                Objective = Objective.Scalar,
                LearningRate = 0.01,
                WarmupSteps = 2,
                BatchSize = 8,
                Epochs = 4,
                HeldOutShare = 0,
                SaveEvery = 1000,
                Device = "cpu",
                Dtype = "f32",
            };
            Checkpoint = await new TrainingRun(options, samples, _ => { }, TimeProvider.System).RunAsync(TestContext.Current.CancellationToken);
        }

        public ValueTask DisposeAsync()
        {
            folder.Dispose();
            return ValueTask.CompletedTask;
        }

        /// <summary>Some fine steps, then one that is off or none.</summary>
        private static Conversation Sample(int number)
        {
            var fine = 1 + (number % 3);
            bool[] labels = [.. Enumerable.Repeat(true, fine), .. number % 2 == 0 ? [false] : Array.Empty<bool>()];
            var turns = labels.SelectMany((label, index) => (SampleTurn[])
            [
                SampleTurn.Untrained(ChatMessage.User(index == 0 ? ConversationForm.FirstUserTurn("How?", $"0 {Word(label)}") : $"{index} {Word(label)}")),
                TrainedSpans.Of(ChatMessage.Assistant(ConversationForm.Judgement(label))),
            ]);
            return new($"s{number}", $"p{number}", [.. turns], [.. labels]);
        }

        private static string Word(bool label) => label ? "fine" : "off";
    }
}
