using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace GenPrm.Client.CommandLine;

/// <summary>The standard help, then the command's examples.</summary>
public sealed class ExamplesHelp(HelpAction standard) : SynchronousCommandLineAction
{
    public override int Invoke(ParseResult parseResult)
    {
        ArgumentNullException.ThrowIfNull(parseResult);
        int code = standard.Invoke(parseResult);
        if (parseResult.CommandResult.Command is not ExampleCommand { Examples.Count: > 0 } command)
            return code;
        TextWriter output = parseResult.InvocationConfiguration.Output;
        output.WriteLine("Examples:");
        foreach ((string line, string about) in command.Examples)
        {
            output.WriteLine($"  {line}");
            output.WriteLine($"      {about}");
        }

        output.WriteLine();
        return code;
    }
}
