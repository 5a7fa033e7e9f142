using System.Collections.Immutable;

namespace GenPrm.Grains.Jobs;

/// <summary>The names of all jobs in the store. One grain, key <see cref="Key"/>.</summary>
[Alias("genprm.IJobIndexGrain")]
public interface IJobIndexGrain : IGrainWithStringKey
{
    /// <summary>The key of the one index.</summary>
    const string Key = "jobs";

    /// <summary>Adds a name; nothing happens if it is there.</summary>
    [Alias("Register")]
    Task Register(string job);

    /// <summary>All names, oldest first.</summary>
    [Alias("List")]
    Task<ImmutableArray<string>> List();
}
