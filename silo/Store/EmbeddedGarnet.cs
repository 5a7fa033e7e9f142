using System.Net;
using Garnet;
using Garnet.server;
using Tsavorite.core;

namespace GenPrm.Silo.Store;

/// <summary>A Garnet server in this process, on the loopback address, that keeps everything in a folder: what a Redis server is to a cluster.
/// Every acknowledged write is in its append-only file, so that it outlives a <c>kill -9</c>.</summary>
public sealed class EmbeddedGarnet : IDisposable
{
    /// <summary>When the append-only file passes this, a checkpoint takes its place; another size in <see cref="FileLimitVariable"/>.</summary>
    private const string FileLimit = "512m";

    private const string FileLimitVariable = "GENPRM_STORE_FILE_LIMIT";

    private readonly GarnetServer _server;

    private EmbeddedGarnet(GarnetServer server, IPEndPoint endPoint)
    {
        _server = server;
        EndPoint = endPoint;
    }

    /// <summary>Where it answers in the Redis protocol.</summary>
    public IPEndPoint EndPoint { get; }

    /// <summary>Recovers what the folder holds and starts to serve it. Only the holder of the store's lock may call it.</summary>
    /// <exception cref="StoreException">What the folder holds can not be recovered.</exception>
    public static EmbeddedGarnet Start(StoreFolder folder)
    {
        var endPoint = new IPEndPoint(IPAddress.Loopback, FreePort.Find());
        Directory.CreateDirectory(folder.GarnetFolder);
        GarnetServer server;
        try
        {
            server = new GarnetServer(Settings(folder, endPoint));
            server.Start();
        }
        catch (Exception broken) when (broken is not OutOfMemoryException)
        {
            throw new StoreException(
                $"The store in {folder.Path} can not be opened: {broken.Message} Its files were left as they are; give another folder with --data to start afresh.", broken);
        }

        return new EmbeddedGarnet(server, endPoint);
    }

    public void Dispose() => _server.Dispose();

    private static GarnetServerOptions Settings(StoreFolder folder, IPEndPoint endPoint)
    {
        GarnetServerOptions options = Common(folder, endPoint);
        if (StoreVersion.Of(folder) < StoreVersion.SmallPages)
            return options;

        // States are hashes, of which a page holds references: only with small pages does the memory's limit bound what they refer to.
        options.PageSize = "128k";

        // A rewritten state leaves its old version in the log. With each checkpoint the oldest part of a log that is too long is compacted, else a week fills the disk.
        options.CompactionType = LogCompactionType.Scan;
        options.CompactionMaxSegments = 64;
        options.SegmentSize = "1m";
        options.ObjectLogSegmentSize = "64m";
        return options;
    }

    private static GarnetServerOptions Common(StoreFolder folder, IPEndPoint endPoint) => new()
    {
        EndPoints = [endPoint],
        QuietMode = true,

        // Durable: an operation is answered when the append-only file has it. When that file passes its limit, a checkpoint takes its place.
        EnableAOF = true,
        WaitForCommit = true,
        CommitFrequencyMs = 0,
        Recover = true,
        FailOnRecoveryError = true,
        AofSizeLimit = Environment.GetEnvironmentVariable(FileLimitVariable) is { Length: > 0 } limit ? limit : FileLimit,

        // The file is cut into pieces, and a piece is removed when a checkpoint has all of it.
        AofSegmentSize = "64m",
        AofSizeLimitEnforceFrequencySecs = 1,
        EnableStorageTier = true,

        LogDir = folder.GarnetFolder,
        CheckpointDir = folder.GarnetFolder,

        // The native device needs libaio, which a bare Debian has not.
        DeviceType = DeviceType.RandomAccess,

        // Orleans' storage provider compares ETags in Lua; only as a transaction is that comparison atomic.
        EnableLua = true,
        LuaOptions = new LuaOptions(),
        LuaTransactionMode = true,

        // Modest sizes: a laptop also holds models. A page of the append-only file bounds the largest single write.
        LogMemorySize = "128m",
        PageSize = "4m",
        IndexMemorySize = "16m",
        AofMemorySize = "64m",
        AofPageSize = "16m",
    };
}
