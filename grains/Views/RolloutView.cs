using System.Collections.Immutable;
using GenPrm.Core.Execution;
using GenPrm.Core.Jobs;
using GenPrm.Core.Labels;

namespace GenPrm.Grains.Views;

/// <summary>One kept rollout, whole.</summary>
/// <param name="Raw">The text as it was sampled.</param>
/// <param name="Steps">Its steps in order.</param>
/// <param name="Rationales">Its critiques.</param>
/// <param name="Labellings">What each labelling says of it, oldest first.</param>
/// <param name="WaitingFor">What it waits for; <c>null</c> if it has ended.</param>
[GenerateSerializer, Immutable, Alias("genprm.rollout-view")]
public sealed record RolloutView(
    [property: Id(0)] RolloutRow Row,
    [property: Id(1)] string Raw,
    [property: Id(2)] ImmutableArray<StepView> Steps,
    [property: Id(3)] ImmutableArray<RationaleView> Rationales,
    [property: Id(4)] ImmutableArray<LabelsView> Labellings,
    [property: Id(5)] string? WaitingFor);

/// <summary>One step with its counts.</summary>
/// <param name="Index">From 1.</param>
/// <param name="Text">The step without its <c>Step k: </c>.</param>
/// <param name="State">pending, sampling, completions (estimated by them), own_answer (the last step) or after_zero.</param>
/// <param name="Wanted">K: completions wanted.</param>
/// <param name="Correct">Completions whose answer equals the gold answer (numerator of MC).</param>
/// <param name="Counted">Completions counted (denominator of MC); 0 while there are none.</param>
/// <param name="Classes">The completions by class; for a step in full (<c>StepView</c> asked for by itself), see <see cref="Completions"/>.</param>
/// <param name="Progress">P_t of the newest labelling's estimator; <c>null</c> where it is undefined or not known yet.</param>
/// <param name="Label">Of the newest labelling: right or wrong; <c>null</c> while it is not known.</param>
/// <param name="Completions">Every completion's class and answer, if the step was asked for by itself; else empty.</param>
/// <param name="Critique">Of the first rationale: the text of this step's section; <c>null</c> if there is none.</param>
/// <param name="Blocks">Of the first rationale: this step's code blocks.</param>
/// <param name="WaitingFor">What it waits for; <c>null</c> if it does not wait.</param>
[GenerateSerializer, Immutable, Alias("genprm.step-view")]
public sealed record StepView(
    [property: Id(0)] int Index,
    [property: Id(1)] string Text,
    [property: Id(2)] string State,
    [property: Id(3)] int Wanted,
    [property: Id(4)] int Correct,
    [property: Id(5)] int Counted,
    [property: Id(6)] ClassCounts Classes,
    [property: Id(7)] double? Progress,
    [property: Id(8)] bool? Label,
    [property: Id(9)] ImmutableArray<CompletionFact> Completions,
    [property: Id(10)] string? Critique,
    [property: Id(11)] ImmutableArray<BlockView> Blocks,
    [property: Id(12)] string? WaitingFor);

/// <summary>One critique of a rollout.</summary>
/// <param name="Index">From 0.</param>
/// <param name="State">writing, concluding, concluded, or how it ended otherwise.</param>
/// <param name="Reason">Why it ended as it did, where the state does not say all.</param>
/// <param name="Text">All that was written so far, code outputs included.</param>
/// <param name="Blocks">The code blocks that ran, in order.</param>
/// <param name="FirstWrong">The judge's verdict: the first wrong paragraph from 1, or -1; <c>null</c> if there is none.</param>
/// <param name="WaitingFor">What it waits for; <c>null</c> if it has ended.</param>
[GenerateSerializer, Immutable, Alias("genprm.rationale-view")]
public sealed record RationaleView(
    [property: Id(0)] int Index,
    [property: Id(1)] string State,
    [property: Id(2)] string? Reason,
    [property: Id(3)] string Text,
    [property: Id(4)] ImmutableArray<BlockView> Blocks,
    [property: Id(5)] int? FirstWrong,
    [property: Id(6)] string? WaitingFor);

/// <summary>One code block that was run, and what it did.</summary>
/// <param name="Code">The Python.</param>
/// <param name="Class">completed, failed, syntax_error, timed_out, out_of_memory or output_too_large.</param>
/// <param name="Outcome">What the sandbox said, its output cut at what may be fed back.</param>
[GenerateSerializer, Immutable, Alias("genprm.block-view")]
public sealed record BlockView([property: Id(0)] string Code, [property: Id(1)] string Class, [property: Id(2)] SandboxOutcome Outcome);

/// <summary>What one labelling says of one rollout.</summary>
/// <param name="Labelling">The labelling's number.</param>
/// <param name="Labels">The steps' scores and labels; <c>null</c> while a score is missing.</param>
/// <param name="Samples">What became of each rationale.</param>
[GenerateSerializer, Immutable, Alias("genprm.labels-view")]
public sealed record LabelsView(
    [property: Id(0)] int Labelling,
    [property: Id(1)] RolloutLabels? Labels,
    [property: Id(2)] ImmutableArray<SampleView> Samples);

/// <summary>What became of one rationale under one labelling.</summary>
/// <param name="Class">pending, accepted, or why it was discarded.</param>
/// <param name="Reason">What was found; <c>null</c> for pending and accepted ones.</param>
/// <param name="Number">Its number in the labelling's log; 0 if it is not there.</param>
[GenerateSerializer, Immutable, Alias("genprm.sample-view")]
public sealed record SampleView([property: Id(0)] string Class, [property: Id(1)] string? Reason, [property: Id(2)] long Number);
