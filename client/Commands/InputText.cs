using System.Security.Cryptography;
using System.Text;
using GenPrm.Client.CommandLine;

namespace GenPrm.Client.Commands;

/// <summary>Files that users hand in.</summary>
internal static class InputText
{
    /// <exception cref="CommandException">It can not be read.</exception>
    public static string Read(string path)
    {
        try
        {
            return File.ReadAllText(path);
        }
        catch (Exception missing) when (missing is IOException or UnauthorizedAccessException)
        {
            throw new CommandException($"{path} can not be read: {missing.Message}", ExitCodes.Usage);
        }
    }

    /// <summary>Makes rows of a file's text.</summary>
    /// <exception cref="CommandException">It is not of the form; the message says where.</exception>
    public static T Parse<T>(string path, string text, Func<string, T> read)
    {
        try
        {
            return read(text);
        }
        catch (FormatException wrong)
        {
            throw new CommandException($"{path}: {wrong.Message}", ExitCodes.Usage);
        }
    }

    /// <summary>A short name of what a file holds.</summary>
    public static string Digest(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)))[..12];
}
