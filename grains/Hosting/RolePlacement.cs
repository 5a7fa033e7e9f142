using Orleans.Metadata;
using Orleans.Placement;
using Orleans.Runtime.MembershipService.SiloMetadata;
using Orleans.Runtime.Placement;

namespace GenPrm.Grains.Hosting;

/// <summary>Places a grain on silos of one role only. (The filter that Orleans brings compares with the calling silo, not with a value.)</summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class RoleAttribute(SiloRole role) : PlacementFilterAttribute(new RoleFilter(role))
{
    public SiloRole Role { get; } = role;
}

/// <summary>The filter's setting, carried in the grain type's properties.</summary>
public sealed class RoleFilter(SiloRole role) : PlacementFilterStrategy(0)
{
    private const string Property = "role";

    public RoleFilter()
        : this(SiloRole.Coordinate)
    {
    }

    public SiloRole Role { get; private set; } = role;

    /// <summary>The metadata key under which a silo says that it has a role.</summary>
    public static string MetadataKey(SiloRole role) => $"genprm.role.{role}";

    public override void AdditionalInitialize(GrainProperties properties) =>
        Role = Enum.Parse<SiloRole>(GetPlacementFilterGrainProperty(Property, properties)
            ?? throw new InvalidOperationException("A grain type with a role filter names no role: its silo runs another version of GenPrm.Grains."));

    protected override IEnumerable<KeyValuePair<string, string>> GetAdditionalGrainProperties(
        IServiceProvider services, Type grainClass, GrainType grainType, IReadOnlyDictionary<string, string> existingProperties) =>
        [KeyValuePair.Create(Property, Role.ToString())];
}

internal sealed class RoleFilterDirector(ISiloMetadataCache metadata) : IPlacementFilterDirector
{
    public IEnumerable<SiloAddress> Filter(PlacementFilterStrategy filterStrategy, PlacementTarget target, IEnumerable<SiloAddress> silos) =>
        silos.Where(silo => metadata.GetSiloMetadata(silo).Metadata.ContainsKey(RoleFilter.MetadataKey(((RoleFilter)filterStrategy).Role)));
}
