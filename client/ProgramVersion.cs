namespace GenPrm.Client;

/// <summary>This program's version, as stores and endpoints record it.</summary>
public static class ProgramVersion
{
    public static string Text { get; } = typeof(ProgramVersion).Assembly.GetName().Version?.ToString(3) ?? "0.0.0";
}
