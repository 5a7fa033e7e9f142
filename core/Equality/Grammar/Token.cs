using GenPrm.Core.Equality.Values;

namespace GenPrm.Core.Equality.Grammar;

/// <summary>The kinds of tokens.</summary>
internal enum TokenKind
{
    /// <summary>The end of the answer.</summary>
    End,

    /// <summary>A number; <see cref="Token.Value"/> and <see cref="Token.Digits"/>.</summary>
    Number,

    /// <summary>One letter of mathematics.</summary>
    Letter,

    /// <summary>Two or more letters that are read as a word.</summary>
    Word,

    /// <summary>A command, without its backslash.</summary>
    Command,

    /// <summary>The begin of an environment, by name.</summary>
    Begin,

    /// <summary>The end of an environment.</summary>
    EndOf,

    /// <summary>A character that stands for itself.</summary>
    Sign,

    /// <summary>A break between rows, <c>\\</c>.</summary>
    Row,
}

/// <summary>One token.</summary>
/// <param name="Kind">Its kind.</param>
/// <param name="Text">What it says.</param>
/// <param name="Value">A number's value.</param>
/// <param name="Digits">Significant digits of a decimal with a point, else 0.</param>
/// <param name="Upright">Whether it stood in <c>\text{…}</c> or the like.</param>
/// <param name="Spaced">Whether a blank stood before it.</param>
/// <param name="IsGrouped">Whether it is a number whose comma in brackets was taken for one between thousands.</param>
internal readonly record struct Token(TokenKind Kind, string Text, Rational Value = default, int Digits = 0, bool Upright = false, bool Spaced = false, bool IsGrouped = false)
{
    public bool Is(char sign) => Kind == TokenKind.Sign && Text[0] == sign;

    public bool IsWord(string word) => Kind == TokenKind.Word && string.Equals(Text, word, StringComparison.OrdinalIgnoreCase);

    public bool IsCommand(string name) => Kind == TokenKind.Command && Text == name;
}
