using System.Collections.Immutable;
using GenPrm.Core.Samples;
using GenPrm.Grains.Hosting;
using Orleans.Concurrency;
using Orleans.Placement;
using Orleans.Serialization;
using StackExchange.Redis;

namespace GenPrm.Grains.Log;

/// <summary>The log's door. It keeps nothing in memory: one script in the store does all that must be one step, so two activations are harmless
/// and calls may interleave.</summary>
/// <remarks>Two hashes under one hash tag, which both Redis and Garnet have (streams only Redis has): id → number, number → entry.</remarks>
[GrainType("genprm.sample-log"), Role(SiloRole.Coordinate), ActivationCountBasedPlacement, Reentrant]
public sealed class SampleLogGrain(GrainStore store, Serializer<Sample> serializer) : Grain, ISampleLogGrain
{
    private const string AppendScript = """
        local known = redis.call('HGET', KEYS[1], ARGV[1])
        if known then
          return tonumber(known)
        end
        local number = redis.call('HLEN', KEYS[2]) + 1
        redis.call('HSET', KEYS[2], tostring(number), ARGV[2])
        redis.call('HSET', KEYS[1], ARGV[1], tostring(number))
        return number
        """;

    private RedisKey Numbers => Key("numbers");

    private RedisKey Entries => Key("entries");

    public async Task<long> Append(Sample sample)
    {
        ArgumentNullException.ThrowIfNull(sample);
        var database = await DatabaseAsync();
        return (long)await database.ScriptEvaluateAsync(AppendScript, [Numbers, Entries], [sample.Id.ToString(), serializer.SerializeToArray(sample)]);
    }

    public async Task<ImmutableArray<LogEntry>> Read(long after, int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(after);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(count);
        var database = await DatabaseAsync();
        var numbers = Enumerable.Range(1, Math.Min(count, ISampleLogGrain.MaxPage)).Select(i => after + i).ToArray();
        var values = await database.HashGetAsync(Entries, [.. numbers.Select(number => (RedisValue)number)]);
        return
        [
            .. numbers.Zip(values).TakeWhile(entry => entry.Second.HasValue)
                .Select(entry => new LogEntry(entry.First, serializer.Deserialize((ReadOnlyMemory<byte>)entry.Second)!)),
        ];
    }

    public async Task<long> Length() => await (await DatabaseAsync()).HashLengthAsync(Entries);

    public async Task ReportPosition(string consumer, long position) => await (await DatabaseAsync()).HashSetAsync(Key("positions"), consumer, position);

    public async Task<ImmutableSortedDictionary<string, long>> Positions()
    {
        var positions = await (await DatabaseAsync()).HashGetAllAsync(Key("positions"));
        return positions.ToImmutableSortedDictionary(position => position.Name.ToString(), position => (long)position.Value, StringComparer.Ordinal);
    }

    private RedisKey Key(string part) => $"{store.Prefix}log/{{{this.GetPrimaryKeyString()}}}/{part}";

    private async Task<IDatabase> DatabaseAsync() => (await store.ConnectionAsync()).GetDatabase();
}
