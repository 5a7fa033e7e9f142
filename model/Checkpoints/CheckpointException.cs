namespace GenPrm.Model.Checkpoints;

/// <summary>A model folder that can not be read as it is: its message names the file, the field or tensor, the value and the remedy.</summary>
public sealed class CheckpointException : Exception
{
    public CheckpointException()
    {
    }

    public CheckpointException(string message)
        : base(message)
    {
    }

    public CheckpointException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
