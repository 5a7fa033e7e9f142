using GenPrm.Core.Execution;
using GenPrm.Core.Generation;
using GenPrm.Grains.Hosting;
using GenPrm.Grains.Workers;
using GenPrm.Sandbox;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace GenPrm.Silo.Hosting;

/// <summary>What each role brings into the process: the only place where the grains' seams meet the model room and the sandbox room.</summary>
internal static class RoleServices
{
    public static IServiceCollection AddRoles(this IServiceCollection services, HostSettings settings)
    {
        var models = new ModelFolders(settings.Generate);
        var sandbox = new SandboxOptions();
        if (settings.Roles.Contains(SiloRole.Generate) || settings.Roles.Contains(SiloRole.Train))
        {
            // Factories, so that the container owns and disposes it. A process with both roles has one engine a model.
            services.AddSingleton<IStreamingGenerator>(_ => models);
            services.AddSingleton<IGenerator>(provider => provider.GetRequiredService<IStreamingGenerator>());
        }

        // A trainer judges, too, and judging runs code.
        if (settings.Roles.Contains(SiloRole.Sandbox) || settings.Roles.Contains(SiloRole.Train))
        {
            services.AddSingleton<ISandbox>(provider =>
                new DockerSandbox(sandbox, provider.GetRequiredService<TimeProvider>(), provider.GetRequiredService<ILogger<DockerSandbox>>()));
        }

        return services.AddGenPrmWorkers(new WorkerOptions { Serves = models.Serves, Sandboxes = sandbox.Containers });
    }
}
