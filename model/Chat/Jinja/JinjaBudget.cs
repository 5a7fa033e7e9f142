namespace GenPrm.Model.Chat.Jinja;

/// <summary>What one rendering may use: a template comes with a checkpoint and is not trusted.</summary>
internal sealed class JinjaBudget
{
    private const long MostSteps = 2_000_000;
    private const long MostText = 256L << 20;
    private const int Deepest = 400;

    private long steps;
    private long text;
    private int depth;

    /// <summary>One step of evaluation.</summary>
    public void Step()
    {
        if (++steps > MostSteps)
            throw new JinjaException($"the template takes more than {MostSteps:N0} steps");
    }

    /// <summary>So many characters are about to be made.</summary>
    public void Produce(long characters)
    {
        text += Math.Max(0, characters);
        if (text > MostText)
            throw new JinjaException($"the template makes more than {MostText:N0} characters");
    }

    public void Enter()
    {
        if (++depth > Deepest)
            throw new JinjaException($"the template goes more than {Deepest} levels deep");
    }

    public void Leave() => depth--;
}
