using System.Collections.Immutable;
using System.Reflection;
using GenPrm.Core.Execution;
using GenPrm.Core.Generation;
using GenPrm.Core.Jobs;
using GenPrm.Core.Problems;
using GenPrm.Grains.Hosting;
using GenPrm.Grains.Jobs;
using GenPrm.Grains.Log;
using GenPrm.Grains.Queues;
using GenPrm.Grains.Workers;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Configuration;
using Orleans.Runtime.Messaging;
using Orleans.TestingHost;

namespace GenPrm.Tests.Cluster.Support;

/// <summary>Silos of one role each in this process, on a store that outlives them, with a scripted model and sandbox.</summary>
public sealed class RoleCluster : IAsyncDisposable
{
    /// <summary>Both coordinates, generate, sandbox and train: every role apart.</summary>
    public static readonly ImmutableArray<SiloRole> FiveRoles = [SiloRole.Coordinate, SiloRole.Coordinate, SiloRole.Generate, SiloRole.Sandbox, SiloRole.Train];

    private readonly List<SiloRole> _roles;
    private readonly InProcessTestCluster _cluster;

    private RoleCluster(RedisStore store, IEnumerable<SiloRole> roles, ScriptedModel model, Action<GrainsOptions>? configure, ISandbox? sandbox)
    {
        _roles = [.. roles];
        Model = model;
        var builder = new InProcessTestClusterBuilder((short)_roles.Count);
        builder.Options.ClusterId = $"test-{Guid.NewGuid():N}";
        builder.Options.ServiceId = "test";
        // Membership, too, is to be the product's own. The switch for it is not public in this version.
        typeof(InProcessTestClusterOptions).GetProperty("UseTestClusterMembership", BindingFlags.Instance | BindingFlags.NonPublic)!.SetValue(builder.Options, false);
        builder.Options.ConfigureFileLogging = false;
        builder.ConfigureSilo((silo, orleans) =>
        {
            var options = new GrainsOptions
            {
                Store = store.Address,
                ClusterId = builder.Options.ClusterId,
                ServiceId = builder.Options.ServiceId,
                Roles = [RoleOf(silo.SiloName)],
                SweepPeriod = TimeSpan.FromSeconds(2),
                Queue = new QueueOptions { LeaseTime = TimeSpan.FromSeconds(3), RetryDelay = TimeSpan.FromMilliseconds(50), MaxTries = 3, LongPoll = TimeSpan.FromSeconds(2), WorkerMemory = TimeSpan.FromSeconds(5) },
            };
            configure?.Invoke(options);
            orleans.AddGenPrmGrains(options);
            orleans.AddIncomingGrainCallFilter(Signal);
            orleans.Services.AddSingleton<IGenerator>(Model);
            orleans.Services.AddSingleton(_ => sandbox ?? Sandbox);
            orleans.Services.AddGenPrmWorkers(new WorkerOptions { Continuations = 64, Sandboxes = 4, LongestPause = TimeSpan.FromMilliseconds(400) });
        });
        // A client's call to a silo that has just died waits out its whole time-out.
        builder.ConfigureClient(client => client.AddGenPrmClient(store.Address, builder.Options.ClusterId, builder.Options.ServiceId)
            .Configure<ClientMessagingOptions>(messaging => messaging.ResponseTimeout = TimeSpan.FromSeconds(3)));
        _cluster = builder.Build();
    }

    public ScriptedModel Model { get; }

    public ScriptedSandbox Sandbox { get; } = new();

    public CallSignal Signal { get; } = new();

    public IGrainFactory Grains => _cluster.Client!;

    /// <param name="sandbox">Another sandbox than <see cref="Sandbox"/>; each silo that stops disposes it.</param>
    public static async Task<RoleCluster> StartAsync(RedisStore store, IEnumerable<SiloRole> roles, ScriptedModel? model = null, Action<GrainsOptions>? configure = null, ISandbox? sandbox = null)
    {
        var cluster = new RoleCluster(store, roles, model ?? new(), configure, sandbox);
        await cluster._cluster.DeployAsync();
        return cluster;
    }

    public Task JoinAsync(SiloRole role)
    {
        _roles.Add(role);
        return _cluster.StartAdditionalSiloAsync();
    }

    /// <summary>The addresses of the silos of a role.</summary>
    public IReadOnlyList<SiloAddress> SilosOf(SiloRole role) => [.. _cluster.Silos.Where(silo => RoleOf(silo.Name) == role).Select(silo => silo.SiloAddress)];

    /// <summary>Ends a silo of a role without a farewell.</summary>
    public Task KillAsync(SiloRole role) => _cluster.KillSiloAsync(SiloOf(role));

    public Task StopAsync(SiloRole role) => _cluster.StopSiloAsync(SiloOf(role));

    public IJobGrain Job(string name) => Grains.GetGrain<IJobGrain>(name);

    public ISampleLogGrain Log(string job, int labelling) => Grains.GetGrain<ISampleLogGrain>(ISampleLogGrain.KeyOf(job, labelling));

    /// <summary>Hands a job in and runs it.</summary>
    public async Task<IJobGrain> RunAsync(string name, IReadOnlyList<Problem> problems, JobParameters? parameters = null, int window = 4)
    {
        var job = Job(name);
        Assert.IsNotType<CreateOutcome.Conflict>(await job.Create(ScriptedJobs.Request(problems, parameters, window)));
        await job.AddProblems([.. problems]);
        Assert.True(await job.Run() is JobState.Running or JobState.Done);
        return job;
    }

    public Task<JobSummary> UntilAsync(IJobGrain job, Func<JobSummary, bool> holds, string what) => Signal.UntilAsync(job.Summary, holds, what);

    public Task<JobSummary> UntilDoneAsync(IJobGrain job) => UntilAsync(job, summary => summary.State == JobState.Done, "the job is done");

    /// <summary>All samples of a labelling, read as a consumer does.</summary>
    public async Task<ImmutableArray<LogEntry>> ReadLogAsync(string job, int labelling, int page = 7)
    {
        var entries = ImmutableArray.CreateBuilder<LogEntry>();
        while (true)
        {
            var next = await PatientlyAsync(() => Log(job, labelling).Read(entries.Count, page));
            if (next.IsEmpty)
                return entries.ToImmutable();
            entries.AddRange(next);
        }
    }

    /// <summary>A call as the command line makes it: again, if the gateway that it went through has just died.</summary>
    private static async Task<T> PatientlyAsync<T>(Func<Task<T>> call)
    {
        for (var tries = 1; ; tries++)
        {
            try
            {
                return await call();
            }
            catch (Exception trouble) when (tries < 20 && trouble is TimeoutException or OrleansException or ConnectionFailedException)
            {
                // Another gateway is tried.
            }
        }
    }

    /// <summary>Ends all silos at once, as a power cut does.</summary>
    public async Task KillAllAsync()
    {
        foreach (var silo in _cluster.Silos.ToArray())
            await _cluster.KillSiloAsync(silo);
    }

    public async ValueTask DisposeAsync()
    {
        Model.Release();
        await _cluster.DisposeAsync();
    }

    private SiloRole RoleOf(string siloName) => _roles[int.Parse(siloName[(siloName.LastIndexOf('_') + 1)..], System.Globalization.CultureInfo.InvariantCulture)];

    private InProcessSiloHandle SiloOf(SiloRole role) => _cluster.Silos.First(silo => RoleOf(silo.Name) == role && silo.IsActive);
}
