using System.CommandLine;
using GenPrm.Client.CommandLine;
using GenPrm.Client.Display;
using GenPrm.Core.Jobs;

namespace GenPrm.Client.Commands;

/// <summary><c>genprm parameters</c>: every parameter of the method, with its value in each profile.</summary>
public static class ParametersCommand
{
    public static Command Create()
    {
        Option<bool> json = CommonOptions.Json();
        var command = new ExampleCommand("parameters", "List every parameter of the method, for `run --set name=value`")
        {
            Examples = [("genprm parameters", "Name, values by profile, and meaning.")],
        };
        command.Options.Add(json);
        command.Does((parsed, _) =>
        {
            TextWriter output = parsed.InvocationConfiguration.Output;
            if (parsed.GetValue(json))
            {
                JsonOutput.Write(output, new
                {
                    parameters = ParameterTable.All.Select(parameter => new
                    {
                        parameter.Name,
                        parameter.Summary,
                        parameter.Allowed,
                        parameter.Change,
                        profiles = Profiles.Names.ToDictionary(name => name, name => parameter.Read(Profiles.Find(name))),
                    }),
                });
                return Task.FromResult(ExitCodes.Done);
            }

            foreach (Parameter parameter in ParameterTable.All)
            {
                output.WriteLine($"{parameter.Name}");
                output.WriteLine($"    {parameter.Summary} Takes {parameter.Allowed}{(parameter.Change == ParameterChange.MayGrow ? "; may grow in a job that exists" : "")}.");
                output.WriteLine($"    {string.Join("   ", Profiles.Names.Select(name => $"{name}: {parameter.Read(Profiles.Find(name))}"))}");
            }

            return Task.FromResult(ExitCodes.Done);
        });
        return command;
    }
}
