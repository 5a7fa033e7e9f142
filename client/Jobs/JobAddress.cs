using System.Globalization;
using System.Text.RegularExpressions;
using GenPrm.Client.CommandLine;

namespace GenPrm.Client.Jobs;

/// <summary>What <c>inspect</c> is asked for: <c>JOB</c>, <c>JOB/17</c>, <c>JOB/17/r3</c> or <c>JOB/17/r3/s2</c>.</summary>
/// <param name="Job">The job's name, or the beginning of it; null for the newest job.</param>
/// <param name="Problem">A problem's ordinal, from 0.</param>
/// <param name="Rollout">A rollout's index in its problem, from 0.</param>
/// <param name="Step">A step's number, from 1.</param>
public sealed partial record JobAddress(string? Job, int? Problem = null, int? Rollout = null, int? Step = null)
{
    /// <exception cref="CommandException">The text has another form.</exception>
    public static JobAddress Parse(string? text)
    {
        if (string.IsNullOrEmpty(text))
            return new(Job: null);
        Match match = Form().Match(text);
        if (!match.Success)
            throw new CommandException($"'{text}' is no address. Give JOB, JOB/17, JOB/17/r3 or JOB/17/r3/s2: problem 17, rollout 3, step 2.", ExitCodes.Usage);
        return new(match.Groups["job"].Value, Number("problem"), Number("rollout"), Number("step"));

        int? Number(string group) => match.Groups[group].Success ? int.Parse(match.Groups[group].ValueSpan, CultureInfo.InvariantCulture) : null;
    }

    [GeneratedRegex(@"^(?<job>[^/]+)(/(?<problem>\d{1,9})(/r(?<rollout>\d{1,9})(/s(?<step>\d{1,9}))?)?)?$", RegexOptions.ExplicitCapture)]
    private static partial Regex Form();
}
