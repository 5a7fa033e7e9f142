using System.Collections.Immutable;
using System.Net;
using GenPrm.Trainer.Verification;

namespace GenPrm.Trainer.Serving;

/// <summary>What the endpoint serves, where, and how much at once.</summary>
public sealed record ServingOptions
{
    /// <summary>The shortest token that is taken for one.</summary>
    public const int LeastTokenLength = 8;

    /// <summary>The models' names, as requests give them. The generator must know them.</summary>
    public required ImmutableArray<string> Models { get; init; }

    /// <summary>Of the models that judge too, how they are asked.</summary>
    public ImmutableDictionary<string, JudgeModel> Judges { get; init; } = ImmutableDictionary<string, JudgeModel>.Empty;

    /// <summary>Interpreters for judges' code that are open at once: no more than the sandbox has containers.</summary>
    public int Interpreters { get; init; } = 2;

    public IPAddress Address { get; init; } = IPAddress.Loopback;

    /// <summary>0 takes a free port.</summary>
    public int Port { get; init; } = 8000;

    /// <summary>What callers must send as <c>Authorization: Bearer</c>; null lets everyone in, which only a loopback address may.</summary>
    public string? Token { get; init; }

    /// <summary>Requests that are read, wait or are answered at once; one more is answered 429.</summary>
    public int MaxRequests { get; init; } = 128;

    /// <summary>Continuations of all requests together; a request whose own do not fit now is answered 429.</summary>
    public int MaxContinuations { get; init; } = 256;

    /// <summary>Continuations of one request (<c>n</c> times its prompts).</summary>
    public int MaxChoices { get; init; } = 128;

    /// <summary>The limit of new tokens of a chat that names none.</summary>
    public int DefaultMaxTokens { get; init; } = 2048;

    public long MaxBodyBytes { get; init; } = 4L << 20;

    /// <summary>The time that a request's body may take to arrive.</summary>
    public TimeSpan BodyTime { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>The time that a reader may take for what is sent at once; then its request is ended.</summary>
    public TimeSpan SendTime { get; init; } = TimeSpan.FromSeconds(20);

    public int MaxConnections { get; init; } = 4096;

    /// <summary>Of these, connections of one address that is not this machine's own.</summary>
    public int MaxConnectionsOfAddress { get; init; } = 64;

    /// <summary>How long a connection without a request stays open.</summary>
    public TimeSpan IdleTime { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>Entries of an answer that is not streamed, which stands in memory as a whole: tokens of all continuations, each with its alternatives.</summary>
    public int MaxAnswerEntries { get; init; } = 2_000_000;

    /// <summary>What a caller who found no room is told to wait.</summary>
    public TimeSpan RetryAfter { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>How long a stop waits for the requests that are being answered.</summary>
    public TimeSpan DrainTime { get; init; } = TimeSpan.FromSeconds(30);

    /// <exception cref="ServingException">A value can not be used; the message names it and the remedy.</exception>
    public void Validate()
    {
        Require(!Models.IsDefaultOrEmpty, "No model is named to be served. Give at least one.");
        Require(Models.Distinct(StringComparer.Ordinal).Count() == Models.Length, $"Two models have one name among {string.Join(", ", Models)}. Give them names: NAME=FOLDER.");
        Require(Port is >= 0 and <= 65535, $"The port is {Port}; it must be from 0 (a free one) to 65535.");
        Require(Token is null || (Token.Length >= LeastTokenLength && Token.All(character => character is > ' ' and <= '~')),
            $"The token must be at least {LeastTokenLength} visible ASCII characters without blanks: it travels in a header.");
        Require(Token is not null || IPAddress.IsLoopback(Address),
            $"{Address} can be reached from other machines, and there is no token: everyone there could use the models. Give a token, or a loopback address such as 127.0.0.1.");
        foreach (var (name, value) in new[]
        {
            (nameof(MaxRequests), MaxRequests), (nameof(MaxContinuations), MaxContinuations), (nameof(MaxChoices), MaxChoices),
            (nameof(DefaultMaxTokens), DefaultMaxTokens), (nameof(MaxConnections), MaxConnections), (nameof(MaxConnectionsOfAddress), MaxConnectionsOfAddress), (nameof(MaxAnswerEntries), MaxAnswerEntries), (nameof(MaxBodyBytes), MaxBodyBytes), (nameof(Interpreters), Interpreters),
        })
        {
            Require(value > 0, $"{name} is {value}; it must be at least 1.");
        }
    }

    private static void Require(bool holds, string message)
    {
        if (!holds)
            throw new ServingException(message);
    }
}

/// <summary>The endpoint can not be started with these options.</summary>
public sealed class ServingException : Exception
{
    /// <summary>Whether it was the machine that would not, and not the options that never can.</summary>
    public bool IsOfTheMachine { get; init; }

    public ServingException()
    {
    }

    public ServingException(string message)
        : base(message)
    {
    }

    public ServingException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
