namespace GenPrm.Model.Tokenization;

/// <summary>A token that is found in the text as it stands, before any merging.</summary>
/// <param name="Special">Whether it steers the model and is no text, such as an end of turn.</param>
/// <param name="LeftStrip">Whether it takes the white space before it.</param>
/// <param name="RightStrip">Whether it takes the white space after it.</param>
/// <param name="SingleWord">Whether it counts only where no letter, digit or underscore touches it.</param>
/// <param name="Normalized">Whether it is looked for in the normalized text instead of the raw one.</param>
public sealed record AddedToken(int Id, string Content, bool Special, bool LeftStrip, bool RightStrip, bool SingleWord, bool Normalized);
