namespace GenPrm.Grains.Hosting;

/// <summary>What a silo is there for. A laptop's one silo has all roles; a pod usually has one.</summary>
public enum SiloRole
{
    /// <summary>Hosts the grains: jobs, problems, rollouts, queues, logs.</summary>
    Coordinate,

    /// <summary>Runs model engines.</summary>
    Generate,

    /// <summary>Runs code blocks in containers.</summary>
    Sandbox,

    /// <summary>Serves models, such as a trained verifier, over HTTP.</summary>
    Train,
}
