using Orleans.Persistence.Redis;
using StackExchange.Redis;

namespace GenPrm.Grains.Hosting;

/// <summary>What a call to a grain may meet that is nobody's fault and passes.</summary>
public static class GrainTrouble
{
    /// <summary>Whether another try may help: a silo is starting, stopping or gone, or the store is.</summary>
    public static bool IsPassing(Exception error) => error is TimeoutException or OrleansException or RedisException or RedisStorageException;
}
