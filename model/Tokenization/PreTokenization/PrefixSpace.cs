namespace GenPrm.Model.Tokenization.PreTokenization;

/// <summary>Puts a space before a piece that does not begin with one.</summary>
internal sealed class PrefixSpace : IPreTokenizer
{
    public IEnumerable<string> Split(string piece) => [piece.StartsWith(' ') ? piece : " " + piece];
}
