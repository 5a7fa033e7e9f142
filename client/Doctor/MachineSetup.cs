using GenPrm.Sandbox;
using GenPrm.Sandbox.Setup;

namespace GenPrm.Client.Doctor;

/// <summary>Makes the machine able to run sandboxes before a command needs them: says what it does, and on a terminal asks first.</summary>
public static class MachineSetup
{
    /// <param name="yes">Do not ask.</param>
    /// <param name="say">Told what happens.</param>
    public static Task EnsureSandboxAsync(bool yes, Action<string> say, CancellationToken cancellation)
    {
        bool ask = !yes && !Console.IsInputRedirected && !Console.IsErrorRedirected && Environment.GetEnvironmentVariable("CI") is null or "";
        var setup = new SandboxSetup(
            new SandboxOptions(),
            TimeProvider.System,
            (step, _) => ValueTask.FromResult(!ask || Ask(step)),
            say);
        return setup.EnsureAsync(cancellation);
    }

    private static bool Ask(SetupStep step)
    {
        Console.Error.WriteLine($"genprm needs to {step.What}:");
        Console.Error.WriteLine($"    {step.Command}");
        Console.Error.Write("Do it now? [Y/n] ");
        string? answer = Console.ReadLine();
        return answer is not null && (answer.Trim().Length == 0 || answer.Trim().StartsWith('y') || answer.Trim().StartsWith('Y'));
    }
}
