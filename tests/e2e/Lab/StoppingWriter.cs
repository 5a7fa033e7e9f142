using System.Text;

namespace GenPrm.Tests.EndToEnd.Lab;

/// <summary>Stops a run when it says a word.</summary>
internal sealed class StoppingWriter(CancellationTokenSource stop, string word) : TextWriter
{
    public override Encoding Encoding => Encoding.UTF8;

    public override void WriteLine(string? value)
    {
        if (value?.Contains(word, StringComparison.Ordinal) == true)
            stop.Cancel();
    }
}
