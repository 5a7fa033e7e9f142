using System.IO.Pipelines;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http;

namespace GenPrm.Trainer.Serving.Answers;

/// <summary>What readers get at once, and how long they may take for it.</summary>
internal static class SlowReaders
{
    /// <summary>Parts of so many bytes together go out, even where the next is there already: what is sent at once is what a slow reader has the time for.</summary>
    public const int Enough = 32 << 10;

    /// <summary>Sends what was written. The connection of a reader that is stuck is ended, and its request with it.</summary>
    /// <exception cref="ConnectionAbortedException">It was ended, now or before.</exception>
    public static async Task FlushAsync(HttpContext http, PipeWriter output, TimeSpan patience, TimeProvider time)
    {
        var sending = output.FlushAsync(CancellationToken.None);
        try
        {
            var sent = sending.IsCompletedSuccessfully ? sending.Result : await sending.AsTask().WaitAsync(patience, time);
            if (sent.IsCompleted)
                throw new ConnectionAbortedException("The reader has gone.");
        }
        catch (TimeoutException error)
        {
            http.Abort();
            throw new ConnectionAbortedException("The reader took nothing for too long.", error);
        }
    }
}
