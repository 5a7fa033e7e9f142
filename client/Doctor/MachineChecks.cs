using System.Diagnostics;
using System.Runtime.InteropServices;
using GenPrm.Model.Torch;
using GenPrm.Sandbox;
using GenPrm.Sandbox.Setup;
using GenPrm.Silo.Store;

namespace GenPrm.Client.Doctor;

/// <summary>What genprm needs of the machine beside models and Docker.</summary>
public static class MachineChecks
{
    /// <summary>The .NET runtime, and the SDK that builds genprm after its sources change.</summary>
    public static async Task<Finding> SdkAsync(CancellationToken cancellation)
    {
        string runtime = RuntimeInformation.FrameworkDescription;
        try
        {
            using Process process = Process.Start(new ProcessStartInfo("dotnet", "--version") { RedirectStandardOutput = true })!;
            string version = (await process.StandardOutput.ReadToEndAsync(cancellation)).Trim();
            await process.WaitForExitAsync(cancellation);
            return process.ExitCode == 0
                ? new(".NET SDK", FindingState.Good, $"SDK {version}, runtime {runtime}")
                : new(".NET SDK", FindingState.Wrong, $"`dotnet --version` ended with {process.ExitCode}", "Install the .NET SDK 10.0 (global.json names the version).");
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return new(".NET SDK", FindingState.Wrong, $"no `dotnet` on the path; runtime {runtime}", "Install the .NET SDK 10.0 and put `dotnet` on the path.");
        }
    }

    /// <summary>Whether torch's native libraries load, and where models would run.</summary>
    public static Finding Torch()
    {
        try
        {
            TorchTarget target = TorchTarget.Parse("auto", "auto");
            return new("torch", FindingState.Good, $"{Path.GetFileName(NativeTorch.LoadedFile)}; models run on {target.Device} in {target.DtypeName} unless told otherwise");
        }
        catch (DllNotFoundException missing)
        {
            return new("torch", FindingState.Wrong, "the native libraries do not load", missing.Message);
        }
    }

    /// <summary>Docker, the sandbox image, and whether a sandbox holds what is in it.</summary>
    public static async Task<IEnumerable<Finding>> SandboxAsync(CancellationToken cancellation) =>
        (await SandboxCheck.RunAsync(new SandboxOptions(), TimeProvider.System, cancellation))
        .Select(check => new Finding(check.Name, check.Standing switch
        {
            SandboxStanding.Good => FindingState.Good,
            SandboxStanding.SetUpWhenNeeded => FindingState.SetUpWhenNeeded,
            _ => FindingState.Wrong,
        }, check.Found, check.Remedy));

    /// <summary>Whether the store folder can be written, its version, and who holds it.</summary>
    public static Finding Store(StoreFolder folder, string program)
    {
        try
        {
            using StoreLock? held = StoreLock.TryTake(folder, program);
            if (held is null)
                return new("store", FindingState.Good, StoreEndpoint.Read(folder) is { } host
                    ? $"{folder.Path}, hosted by process {host.Pid}"
                    : $"{folder.Path}, held by another process");
            long free = StoreRoom.Free(folder) >> 30;
            return free >= 1
                ? new("store", FindingState.Good, $"{folder.Path}, {free} GiB free")
                : new("store", FindingState.Wrong, $"{folder.Path} has less than 1 GiB free", "Free some disk, or give another folder with --data.");
        }
        catch (StoreException refused)
        {
            return new("store", FindingState.Wrong, refused.Message, "Give another folder with --data or GENPRM_HOME.");
        }
    }
}
