namespace GenPrm.Model.Chat.Jinja;

/// <summary>A template that can not be read or run: unknown constructs by name, the template's own <c>raise_exception</c>, an operation on
/// the wrong kind of value. The message gives the template's line.</summary>
public sealed class JinjaException : Exception
{
    public JinjaException()
    {
    }

    public JinjaException(string message)
        : base(message)
    {
    }

    public JinjaException(string message, Exception innerException)
        : base(message, innerException)
    {
    }

    internal JinjaException(int line, string message)
        : base($"line {line}: {message}") => HasLine = true;

    /// <summary>Whether the message begins with the line.</summary>
    internal bool HasLine { get; }
}
