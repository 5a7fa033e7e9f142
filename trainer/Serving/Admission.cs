namespace GenPrm.Trainer.Serving;

/// <summary>Counts what is in the house, so that queues and memory have a bound: who does not fit is sent away at once with the time to wait.</summary>
internal sealed class Admission(ServingOptions options)
{
    private readonly ServingOptions options = options;
    private readonly Lock gate = new();
    private int requests;
    private int continuations;
    private bool closed;

    /// <summary>Lets nobody in any more.</summary>
    public void Close()
    {
        lock (gate)
            closed = true;
    }

    public bool Closed
    {
        get
        {
            lock (gate)
                return closed;
        }
    }

    /// <summary>Takes a place for a request whose size is not known yet.</summary>
    /// <exception cref="ApiException">429: there is none. 503: the server stops.</exception>
    public Place Enter()
    {
        lock (gate)
        {
            if (closed)
                throw new ApiException(503, "The server stops, and takes no more requests.", code: "stopping") { RetryAfter = options.RetryAfter };
            if (requests == options.MaxRequests)
                throw Full($"{requests} requests are being answered, which is all the server takes at once");
            requests++;
            return new Place(this);
        }
    }

    private ApiException Full(string what) =>
        new(429, $"{what}. Try again in {options.RetryAfter.TotalSeconds:0} s.", code: "server_busy") { RetryAfter = options.RetryAfter };

    /// <summary>One request's place. Disposing it makes room.</summary>
    public sealed class Place(Admission admission) : IDisposable
    {
        private int held;
        private bool left;

        /// <summary>Takes room for the request's continuations.</summary>
        /// <exception cref="ApiException">429: there is not enough now. 400: there never is.</exception>
        public void Take(int wanted)
        {
            var most = admission.options.MaxContinuations;
            if (wanted > most)
                throw ApiException.Bad($"The request asks for {wanted} continuations, and the server makes at most {most} at once. Ask for fewer.");
            lock (admission.gate)
            {
                if (admission.continuations + wanted > most)
                    throw admission.Full($"{admission.continuations} continuations are being made, and {wanted} more would pass the limit of {most}");
                admission.continuations += wanted;
                held += wanted;
            }
        }

        /// <summary>Nothing is being made for the request any more: its continuations make room, however long its answer takes to be read.</summary>
        public void GiveBack()
        {
            lock (admission.gate)
            {
                admission.continuations -= held;
                held = 0;
            }
        }

        public void Dispose()
        {
            GiveBack();
            lock (admission.gate)
            {
                if (left)
                    return;
                left = true;
                admission.requests--;
            }
        }
    }
}
