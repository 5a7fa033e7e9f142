using System.CommandLine;
using GenPrm.Bench;

var name = new Argument<string>("name") { Description = string.Join(", ", Benchmarks.All.Select(benchmark => benchmark.Name)) };
name.AcceptOnlyFromAmong([.. Benchmarks.All.Select(benchmark => benchmark.Name)]);
var json = new Option<bool>("--json") { Description = "one JSON object a line instead of a table" };
var only = new Option<string>("--only") { Description = "only the figures whose name contains this text" };

var command = new RootCommand("Benchmarks, each against a named reference measured in the same run.") { name, json, only };
command.SetAction(async (parsed, cancellationToken) =>
{
    var output = new FigureOutput(Console.Out, parsed.GetValue(json));
    var benchmark = Benchmarks.All.Single(benchmark => benchmark.Name == parsed.GetValue(name));
    await foreach (var figure in benchmark.Run(parsed.GetValue(only) ?? "", cancellationToken))
        output.Write(figure);
});
return await command.Parse(args).InvokeAsync();
