namespace GenPrm.Core.Equality.Grammar;

/// <summary>What joins the items of a list. Between values it means nothing; between conditions on one unknown it says whether all hold or one.</summary>
internal enum Joint
{
    /// <summary>Commas, semicolons, line breaks.</summary>
    None,

    /// <summary><c>and</c>: a list, or conditions of which all hold.</summary>
    And,

    /// <summary><c>\land</c>: conditions of which all hold, even where nothing can.</summary>
    Land,

    /// <summary><c>or</c>, <c>\lor</c>: conditions of which one holds.</summary>
    Or,
}
