namespace GenPrm.Core.Equality;

/// <summary>The work that one comparison may do, counted in steps (a token, an eighth of a product of two terms, a three-hundredth of a sine) and never in time, so that a
/// verdict is the same on every machine. Running out ends the comparison as <c>too large</c>.</summary>
internal sealed class Budget
{
    /// <summary>Steps a comparison has; 10 to 30 ms of the dearest ones.</summary>
    public const int Steps = 150_000;

    /// <summary>How deep notation may nest. Keeps recursion far from the end of the stack.</summary>
    public const int Depth = 120;

    /// <summary>How many operators of one level may stand in a row where each nests in the next, as in 1/2/3.</summary>
    public const int Chain = 30;

    /// <summary>The longest answer that is read, in characters.</summary>
    public const int Length = 20_000;

    /// <summary>The longest integer that is written out, in bits (about 9,000 digits).</summary>
    public const int Bits = 30_000;

    /// <summary>The largest magnitude that is still estimated, in bits (about ten million digits).</summary>
    public const long Magnitude = 33_220_000;

    /// <summary>The highest degree of a variable.</summary>
    public const int Degree = 100_000;

    private int depth;

    /// <summary>Steps that are left.</summary>
    public int Left { get; private set; } = Steps;

    /// <summary>Counts <paramref name="steps"/> of work.</summary>
    public void Spend(long steps)
    {
        if (steps > Left)
            throw new TooLargeException();
        Left -= (int)steps;
    }

    /// <summary>Goes one level deeper; to be matched by <see cref="Leave"/>.</summary>
    public void Enter()
    {
        Spend(1);
        if (++depth > Depth)
            throw new TooLargeException();
    }

    /// <summary>Comes back from a level.</summary>
    public void Leave() => depth--;

    /// <summary>The level that work is at; whoever catches an exception comes back to the level it began at.</summary>
    public int Level
    {
        get => depth;
        set => depth = value;
    }
}

/// <summary>The budget is used up. Never leaves this folder: a comparison ends as unknown.</summary>
internal sealed class TooLargeException : Exception;

/// <summary>A notation that the grammar has no rule for. Never leaves this folder.</summary>
internal sealed class NotParsedException(string what) : Exception(what);

/// <summary>An expression without a value, such as 1/0. Never leaves this folder.</summary>
internal sealed class UndefinedException : Exception;

/// <summary>A difference that vanishes to the highest precision, of numbers that may differ by less. Never leaves this folder: a comparison ends as unknown.</summary>
internal sealed class TooCloseException : Exception;
