using System.Globalization;
using GenPrm.Core.Execution;
using GenPrm.Core.Generation;
using GenPrm.Lab.Runs;
using GenPrm.Model.Checkpoints;
using GenPrm.Model.Training;
using GenPrm.Silo.Hosting;
using GenPrm.Silo.Store;
using GenPrm.Trainer.Serving;
using GenPrm.Trainer.Verification;

namespace GenPrm.Client.CommandLine;

/// <summary>Turns the errors that a user can do something about into a message and an exit code. Anything else is a bug of ours and keeps its stack trace.</summary>
public static class ExpectedErrors
{
    public static async Task<int> GuardAsync(Func<Task<int>> action, TextWriter errors, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(action);
        ArgumentNullException.ThrowIfNull(errors);
        try
        {
            return await action();
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            return ExitCodes.Interrupted;
        }
        catch (Exception expected) when (CodeOf(expected) is not null)
        {
            await errors.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"genprm: {expected.Message}"));
            return CodeOf(expected)!.Value;
        }
    }

    /// <summary>The exit code of an expected error, or null.</summary>
    public static int? CodeOf(Exception error) => error switch
    {
        CommandException command => command.ExitCode,
        StoreException => ExitCodes.Unavailable,
        SandboxUnavailableException or GeneratorUnavailableException => ExitCodes.Unavailable,
        HostSettingsException => ExitCodes.Usage,
        ServingException { IsOfTheMachine: true } => ExitCodes.Failed,
        ServingException => ExitCodes.Usage,
        CheckpointException => ExitCodes.Failed,
        TrainingException => ExitCodes.Failed,
        GenerationException => ExitCodes.Failed,
        VerificationException => ExitCodes.Failed,
        LabException => ExitCodes.Failed,
        UnauthorizedAccessException => ExitCodes.Failed,
        IOException => ExitCodes.Failed,
        _ => null,
    };
}
