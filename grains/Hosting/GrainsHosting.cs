using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Orleans.Configuration;
using Orleans.Persistence;
using Orleans.Placement;
using Orleans.Runtime.MembershipService.SiloMetadata;
using Orleans.Storage;
using StackExchange.Redis;

namespace GenPrm.Grains.Hosting;

/// <summary>Turns a host into a silo of the cluster, or into a client of one.</summary>
public static class GrainsHosting
{
    /// <summary>Adds clustering, grain states, reminders and roles, all on one connection to the store. Endpoints and silo name are the host's to set.</summary>
    /// <exception cref="OrleansConfigurationException">An option can not be used.</exception>
    public static ISiloBuilder AddGenPrmGrains(this ISiloBuilder builder, GrainsOptions options)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        var store = new GrainStore(options.Store, options.ServiceId);
        builder.Services.AddSingleton(options);
        builder.Services.AddSingleton(_ => store);
        builder.Services.AddSingleton(TimeProvider.System);
        builder.Services.AddPlacementFilter<RoleFilter, RoleFilterDirector>(ServiceLifetime.Singleton);

        return builder
            .Configure<ClusterOptions>(cluster => Name(cluster, options.ClusterId, options.ServiceId))
            .Configure<ClusterMembershipOptions>(NoticeDeathQuickly)
            .UseSiloMetadata(options.Roles.ToDictionary(RoleFilter.MetadataKey, role => role.ToString()))
            .UseRedisClustering(redis =>
            {
                redis.ConfigurationOptions = ConfigurationOptions.Parse(options.Store);
                redis.CreateMultiplexer = _ => Shared(store);
            })
            .UseRedisReminderService(redis =>
            {
                redis.ConfigurationOptions = ConfigurationOptions.Parse(options.Store);
                redis.CreateMultiplexer = _ => Shared(store);
            })
            .AddRedisGrainStorage(GrainStore.Provider, (OptionsBuilder<RedisStorageOptions> storage) => storage.Configure<IServiceProvider>((redis, services) =>
            {
                redis.ConfigurationOptions = ConfigurationOptions.Parse(options.Store);
                redis.CreateMultiplexer = _ => Shared(store);
                // Names come from [Alias] and [Id], never from CLR names: a renamed record reads what it wrote before.
                redis.GrainStorageSerializer = ActivatorUtilities.CreateInstance<OrleansGrainStorageSerializer>(services);
            }));
    }

    /// <summary>Adds the clustering of a client, such as a command that looks at a running job.</summary>
    public static IClientBuilder AddGenPrmClient(this IClientBuilder builder, string store, string clusterId = "genprm", string serviceId = "genprm")
    {
        ArgumentNullException.ThrowIfNull(builder);
        return builder
            .Configure<ClusterOptions>(cluster => Name(cluster, clusterId, serviceId))
            .UseRedisClustering(redis => redis.ConfigurationOptions = ConfigurationOptions.Parse(store));
    }

    private static async Task<(IConnectionMultiplexer Multiplexer, bool IsShared)> Shared(GrainStore store) => (await store.ConnectionAsync(), true);

    private static void Name(ClusterOptions cluster, string clusterId, string serviceId)
    {
        cluster.ClusterId = clusterId;
        cluster.ServiceId = serviceId;
    }

    /// <summary>A killed silo's grains answer again after about a second, without false evictions under load (measured: docs/design.md, "Fail-over").</summary>
    private static void NoticeDeathQuickly(ClusterMembershipOptions membership)
    {
        membership.ProbeTimeout = TimeSpan.FromSeconds(1);
        membership.NumMissedProbesLimit = 2;
        membership.TableRefreshTimeout = TimeSpan.FromSeconds(5);
        membership.IAmAliveTablePublishTimeout = TimeSpan.FromSeconds(5);
    }
}
