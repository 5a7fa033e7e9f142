namespace GenPrm.Tests.Cluster.Support;

/// <summary>One cluster of five silos for the tests of a class that end none of them.</summary>
public sealed class FiveSilos : IAsyncLifetime
{
    private RedisStore? _store;

    public RoleCluster Cluster { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        _store = await RedisStore.StartAsync();
        Cluster = await RoleCluster.StartAsync(_store, RoleCluster.FiveRoles);
    }

    public async ValueTask DisposeAsync()
    {
        await Cluster.DisposeAsync();
        await _store!.DisposeAsync();
    }
}
