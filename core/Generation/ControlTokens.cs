using System.Collections.Immutable;

namespace GenPrm.Core.Generation;

/// <summary>Looks for the strings that steer a model and are no text: in others' words they would end a turn where none ends, or begin one that nobody had.</summary>
public static class ControlTokens
{
    /// <summary>Tags that a model writes inside of its own turn. They forge no turn there, and in others' words they are as wrong as all the rest.</summary>
    private static readonly ImmutableArray<string> OfOwnTurn = ["<think>", "</think>", "<tool_call>", "</tool_call>"];

    /// <summary>The first of a model's control tokens that another's text holds, or null.</summary>
    public static string? FirstIn(string text, ImmutableArray<string> tokens) => tokens.FirstOrDefault(token => text.Contains(token, StringComparison.Ordinal));

    /// <summary>The first of them that a model's own turn may not hold either, or null.</summary>
    public static string? FirstInOwnTurn(string text, ImmutableArray<string> tokens) =>
        tokens.FirstOrDefault(token => text.Contains(token, StringComparison.Ordinal) && !OfOwnTurn.Contains(token));

    /// <summary>Where the earliest of them begins that a model's own turn may not hold, or -1.</summary>
    public static int PlaceInOwnTurn(string text, ImmutableArray<string> tokens) =>
        tokens.Where(token => !OfOwnTurn.Contains(token)).Select(token => text.IndexOf(token, StringComparison.Ordinal)).Where(place => place >= 0).DefaultIfEmpty(-1).Min();
}
