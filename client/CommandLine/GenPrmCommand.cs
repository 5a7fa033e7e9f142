using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using System.CommandLine.Parsing;
using GenPrm.Client.Commands;

namespace GenPrm.Client.CommandLine;

/// <summary>The <c>genprm</c> command line: every command is registered here.</summary>
public static class GenPrmCommand
{
    public static RootCommand Create()
    {
        var root = new RootCommand("""
            genprm turns a file of math problems into verified process-supervision data for a generative process reward model.
            Start with: genprm run     (the example job)
            """)
        {
            RunCommand.Create(),
            RunCommand.Resume(),
            StatusCommand.Create(),
            ListCommand.Create(),
            InspectCommand.Create(),
            SteeringCommands.Pause(),
            SteeringCommands.Cancel(),
            SteeringCommands.Requeue(),
            RelabelCommand.Create(),
            ExportCommand.Create(),
            DemoCommand.Create(),
            LabCommand.Create(),
            TrainCommand.Create(),
            JudgeCommand.Create(),
            EvalCommand.Create(),
            BestOfCommand.Create(),
            RefineCommand.Create(),
            ServeCommand.Create(),
            ParametersCommand.Create(),
            SiloCommand.Create(),
            DoctorCommand.Create(),
            AnswersCommand.Create(),
            ModelCheckCommand.Create(),
        };
        foreach (HelpOption help in root.Options.OfType<HelpOption>())
            help.Action = new ExamplesHelp((HelpAction)help.Action!);
        return root;
    }

    /// <summary>Runs one command line. Ctrl-C and SIGTERM cancel the command, which then has a while to stop cleanly.</summary>
    public static async Task<int> RunAsync(string[] args)
    {
        ParseResult parsed = Create().Parse(args);
        if (parsed.Errors.Count > 0 && parsed.Action is ParseErrorAction)
        {
            foreach (ParseError error in parsed.Errors)
                await Console.Error.WriteLineAsync($"genprm: {error.Message}");
            await Console.Error.WriteLineAsync($"Type `{Path(parsed.CommandResult)} --help` for what is possible.");
            return ExitCodes.Usage;
        }

        return await parsed.InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = TimeSpan.FromMinutes(1) });
    }

    private static string Path(SymbolResult? result) => result switch
    {
        CommandResult { Parent: not null } command => $"{Path(command.Parent)} {command.Command.Name}",
        _ => "genprm",
    };
}
