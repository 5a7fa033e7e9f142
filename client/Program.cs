using GenPrm.Client.CommandLine;

return await GenPrmCommand.RunAsync(args);
