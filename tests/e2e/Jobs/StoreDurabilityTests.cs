using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using GenPrm.Silo.Store;
using GenPrm.Tests.EndToEnd.Sandbox;
using StackExchange.Redis;

namespace GenPrm.Tests.EndToEnd.Jobs;

/// <summary>The embedded store under so many writes that checkpoints take the place of its append-only file.</summary>
[Collection("jobs")]
public sealed class StoreDurabilityTests : IDisposable
{
    private const int Keys = 64;
    private const int ValueBytes = 256 << 10;
    private const long Written = 600L << 20;
    private const long Bound = Written / 2;

    private readonly GenPrmProgram _genprm = new();
    private readonly int[] _acknowledged = new int[Keys];

    public void Dispose() => _genprm.Dispose();

    [Fact]
    public async Task Store_KilledAfterCheckpoints_HasEveryAcknowledgedWriteAndBoundedFiles()
    {
        await SandboxFixture.RequireAsync();
        _genprm.Variables["GENPRM_STORE_FILE_LIMIT"] = "64m";
        Process run = _genprm.Start("run", GenPrmProgram.ExampleJob, "--name", "long", "--limit", "4", "--set", "completions.k=64/64/64");
        await _genprm.UntilAsync("long", summary => summary.Total("rollouts") > 0, run);

        await WriteUntilKilledAsync(run);

        Assert.InRange(FileBytes(), Keys * ValueBytes, Bound);
        Process resumed = _genprm.Start("resume", "long", "--json");
        await using (ConnectionMultiplexer connection = await ConnectAsync(resumed))
        {
            for (int key = 0; key < Keys; key++)
            {
                int found = BitConverter.ToInt32((byte[])(await connection.GetDatabase().StringGetAsync(Name(key)))!);
                Assert.True(found >= _acknowledged[key], $"{Name(key)} is at {found}; {_acknowledged[key]} was acknowledged");
            }
        }

        (int code, string output, string errors) = await GenPrmProgram.EndAsync(resumed);
        Assert.True(code == 0, $"It ended with {code}:\n{errors}");
        JsonElement done = JsonDocument.Parse(output).RootElement;
        Assert.Equal("done", done.State());
        done.AssertAddsUp();
    }

    /// <summary>Overwrites a few large values, each with a growing number at its head, beside the job's own writes; the host is killed with writes in flight. It looks
    /// at its files once a second only, so writing goes on for a while until they are small; a store that never makes them so fails the test.</summary>
    private async Task WriteUntilKilledAsync(Process host)
    {
        await using ConnectionMultiplexer connection = await ConnectAsync(host);
        IDatabase store = connection.GetDatabase();
        long written = 0;
        Task[] writers = [.. Enumerable.Range(0, 8).Select(WriteAsync)];
        await Task.WhenAny(writers);
        host.Kill();
        await host.WaitForExitAsync(TestContext.Current.CancellationToken);
        await Task.WhenAll(writers);

        async Task WriteAsync(int writer)
        {
            byte[] value = new byte[ValueBytes];
            try
            {
                for (int version = 1; GoesOn(Interlocked.Add(ref written, ValueBytes)); version++)
                {
                    int key = (writer * (Keys / 8)) + (version % (Keys / 8));
                    BitConverter.TryWriteBytes(value, version);
                    await store.StringSetAsync(Name(key), value);
                    _acknowledged[key] = version;
                }
            }
            catch (RedisException)
            {
                // The host was killed under this write: it was not acknowledged.
            }
        }
    }

    private bool GoesOn(long written) => written < Written || (written < 4 * Written && FileBytes() > Bound - (Bound / 4));

    private long FileBytes() => new DirectoryInfo(_genprm.Store.GarnetFolder).EnumerateFiles("*", SearchOption.AllDirectories).Sum(LengthOf);

    private static long LengthOf(FileInfo file)
    {
        try
        {
            return file.Length;
        }
        catch (FileNotFoundException)
        {
            // A piece that the store has just removed.
            return 0;
        }
    }

    private async Task<ConnectionMultiplexer> ConnectAsync(Process host)
    {
        StoreEndpoint? endpoint;
        // Looked at often: what is left of the job may take the host a second or two.
        using PeriodicTimer look = new(TimeSpan.FromMilliseconds(20), TimeProvider.System);
        while ((endpoint = StoreEndpoint.Read(_genprm.Store)) is null || endpoint.Pid != host.Id)
        {
            Assert.False(host.HasExited, "The host ended before its store was seen.");
            await look.WaitForNextTickAsync(TestContext.Current.CancellationToken);
        }

        return await ConnectionMultiplexer.ConnectAsync($"{endpoint.Redis},abortConnect=true,connectRetry=0,syncTimeout=30000,asyncTimeout=30000");
    }

    private static string Name(int key) => string.Create(CultureInfo.InvariantCulture, $"written/{key}");
}
