using System.Globalization;
using System.Text.Json;

namespace GenPrm.Core.Jobs;

/// <summary>Whether a parameter may differ when a job goes on under its existing id.</summary>
public enum ParameterChange
{
    /// <summary>Never: what was sampled or written would not fit any more.</summary>
    Fixed,

    /// <summary>A count that may grow: what is there stays, the rest is added.</summary>
    MayGrow,
}

/// <summary>One parameter as users see it: a dotted snake_case name, and its value as text.</summary>
/// <param name="Name">Such as <c>rollouts.temperature</c>.</param>
/// <param name="Summary">One sentence.</param>
/// <param name="Allowed">The values it takes, in words.</param>
/// <param name="Change">Whether it may differ under an existing job id.</param>
/// <param name="Read">Its value, in the invariant culture.</param>
/// <param name="Write">The set with this value in it; throws <see cref="ParameterException"/> for a value that is not allowed.</param>
public sealed record Parameter(
    string Name,
    string Summary,
    string Allowed,
    ParameterChange Change,
    Func<JobParameters, string> Read,
    Func<JobParameters, string, JobParameters> Write)
{
    internal static Parameter Count(
        string name, string summary, int least, int most, Func<JobParameters, int> read, Func<JobParameters, int, JobParameters> write, bool mayGrow = false)
    {
        var allowed = $"a whole number from {Say(least)} to {Say(most)}";
        return new(name, summary, allowed, mayGrow ? ParameterChange.MayGrow : ParameterChange.Fixed,
            set => Say(read(set)),
            (set, text) => int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value) && value >= least && value <= most
                ? write(set, value)
                : throw Refuse(name, text, allowed));
    }

    internal static Parameter Number(
        string name, string summary, double least, double most, Func<JobParameters, double> read, Func<JobParameters, double, JobParameters> write)
    {
        var allowed = string.Create(CultureInfo.InvariantCulture, $"a number from {least:0.######} to {most:0.######}");
        return new(name, summary, allowed, ParameterChange.Fixed,
            set => Say(read(set)),
            (set, text) => double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) && value >= least && value <= most
                ? write(set, value)
                : throw Refuse(name, text, allowed));
    }

    internal static Parameter Flag(string name, string summary, Func<JobParameters, bool> read, Func<JobParameters, bool, JobParameters> write) =>
        new(name, summary, "true or false", ParameterChange.Fixed,
            set => read(set) ? "true" : "false",
            (set, text) => bool.TryParse(text, out var value) ? write(set, value) : throw Refuse(name, text, "true or false"));

    internal static Parameter Choice<T>(string name, string summary, Func<JobParameters, T> read, Func<JobParameters, T, JobParameters> write)
        where T : struct, Enum
    {
        var choices = Enum.GetValues<T>().ToDictionary(value => JsonNamingPolicy.SnakeCaseLower.ConvertName(value.ToString()));
        var allowed = string.Join(", ", choices.Keys);
        return new(name, summary, allowed, ParameterChange.Fixed,
            set => JsonNamingPolicy.SnakeCaseLower.ConvertName(read(set).ToString()),
            (set, text) => choices.TryGetValue(text, out var value) ? write(set, value) : throw Refuse(name, text, allowed));
    }

    internal static ParameterException Refuse(string name, string text, string allowed) =>
        new($"{name}: '{text}' is not allowed; it takes {allowed}");

    internal static string Say(IFormattable value) => value.ToString(null, CultureInfo.InvariantCulture);
}
