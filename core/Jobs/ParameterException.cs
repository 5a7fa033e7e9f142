namespace GenPrm.Core.Jobs;

/// <summary>A parameter's name or value can not be used; the message names it, the value and what is allowed.</summary>
public sealed class ParameterException : Exception
{
    public ParameterException()
    {
    }

    public ParameterException(string message)
        : base(message)
    {
    }

    public ParameterException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
