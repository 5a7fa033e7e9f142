using GenPrm.Core.Sharing;
using StackExchange.Redis;

namespace GenPrm.Grains.Hosting;

/// <summary>The one connection of this process to its store, opened when it is first needed and shared by membership, grain states, reminders
/// and sample logs.</summary>
public sealed class GrainStore(string connectionString, string serviceId) : IAsyncDisposable
{
    // Connecting itself waits and tries again; nobody need wait once more before the next attempt.
    private readonly Opened<IConnectionMultiplexer> connection = new(() => ConnectAsync(connectionString), TimeSpan.Zero, TimeSpan.Zero, TimeProvider.System);

    /// <summary>The name of the state provider.</summary>
    public const string Provider = "genprm";

    /// <summary>The prefix of every key that is not Orleans' own.</summary>
    public string Prefix { get; } = $"{serviceId}/";

    /// <exception cref="RedisConnectionException">Nothing answers at the address; the message names it.</exception>
    public Task<IConnectionMultiplexer> ConnectionAsync() => connection.GetAsync();

    public async ValueTask DisposeAsync()
    {
        if (connection.Current is { IsCompletedSuccessfully: true } connected)
            await (await connected).DisposeAsync();
    }

    private static async Task<IConnectionMultiplexer> ConnectAsync(string connectionString)
    {
        var options = ConfigurationOptions.Parse(connectionString);
        // A store that restarts is waited for; a store that was never there is an error that says so.
        options.AbortOnConnectFail = true;
        options.ConnectRetry = 5;
        options.ClientName ??= "genprm";
        return await ConnectionMultiplexer.ConnectAsync(options);
    }
}
