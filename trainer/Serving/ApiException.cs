namespace GenPrm.Trainer.Serving;

/// <summary>A request is answered with an error. The message says what is wrong: field, value, remedy.</summary>
internal sealed class ApiException(int status, string message, string? field = null, string? code = null) : Exception(message)
{
    public int Status { get; } = status;

    /// <summary>The field that it is about, if any.</summary>
    public string? Field { get; } = field;

    /// <summary>A word that programs can tell it by, if any.</summary>
    public string? Code { get; } = code;

    /// <summary>Seconds to wait before the next try; null if there is no use in one.</summary>
    public TimeSpan? RetryAfter { get; init; }

    public static ApiException Bad(string message, string? field = null) => new(400, message, field);
}
