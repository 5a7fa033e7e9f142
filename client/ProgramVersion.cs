using System.Reflection;

namespace GenPrm.Client;

/// <summary>This program's version, as stores and endpoints record it.</summary>
public static class ProgramVersion
{
    public static string Text { get; } = typeof(ProgramVersion).Assembly.GetName().Version?.ToString(3) ?? "0.0.0";

    /// <summary>What this program was built from.</summary>
    public static string Commit { get; } =
        typeof(ProgramVersion).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+') is [_, var commit] ? commit[..Math.Min(7, commit.Length)] : "unknown";
}
