namespace GenPrm.Model.Tokenization.PreTokenization;

/// <summary>Cuts text into pieces across which nothing is merged.</summary>
internal interface IPreTokenizer
{
    /// <summary>The pieces of one piece, in order, none of them empty.</summary>
    IEnumerable<string> Split(string piece);
}

/// <summary>Several, each cutting the pieces of the one before.</summary>
internal sealed class SequencePreTokenizer(IReadOnlyList<IPreTokenizer> parts) : IPreTokenizer
{
    public IEnumerable<string> Split(string piece)
    {
        IEnumerable<string> pieces = [piece];
        foreach (var part in parts)
            pieces = pieces.SelectMany(part.Split);
        return pieces;
    }
}
