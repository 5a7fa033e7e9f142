using GenPrm.Client.CommandLine;

namespace GenPrm.Client.Jobs;

/// <summary>The job that <c>genprm run</c> runs when nothing is said: it lies in the repository.</summary>
public static class ExampleJob
{
    /// <summary>The example's job file, looked for in every folder above the program.</summary>
    /// <exception cref="CommandException">The program is not inside the repository.</exception>
    public static string File()
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            string path = Path.Combine(folder.FullName, "examples", "example.yaml");
            if (System.IO.File.Exists(path))
                return path;
        }

        throw new CommandException("There is no examples/example.yaml above the program. Say what to run: genprm run --problems FILE --policy MODEL --judge MODEL", ExitCodes.Usage);
    }
}
