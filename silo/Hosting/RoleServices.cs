using GenPrm.Grains.Hosting;
using Microsoft.Extensions.DependencyInjection;

namespace GenPrm.Silo.Hosting;

/// <summary>What each role brings into the process: the only place where grains' seams meet the model room and the sandbox room.</summary>
internal static class RoleServices
{
    public static IServiceCollection AddRoles(this IServiceCollection services, HostSettings settings)
    {
        return services;
    }
}
