using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace GenPrm.Tests.EndToEnd.Jobs;

/// <summary>Tells which steps of a solution of a last-digits problem are right, as the data's README says.</summary>
internal sealed partial record LastDigitTruth(int Start, IReadOnlyList<int> Operations)
{
    public static LastDigitTruth Of(JsonElement problem) => new(
        problem.GetProperty("start").GetInt32(),
        [.. problem.GetProperty("operations").EnumerateArray().Select(operation => int.Parse(operation.GetString()!, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture))]);

    /// <summary>The truth of each step up to the first wrong one; what follows it has none.</summary>
    public IEnumerable<bool> Of(IEnumerable<string> steps)
    {
        int value = Start;
        int next = 0;
        foreach (string step in steps)
        {
            int result = next < Operations.Count ? (((value + Operations[next]) % 10) + 10) % 10 : -1;
            string right = result < 0 ? "" : string.Create(CultureInfo.InvariantCulture, $"{(char)('a' + next)}: {value}{Operations[next]:+0;-0}={result}");
            bool isRight = FinalAnswer().Replace(step, "").Trim() == right && result >= 0;
            yield return isRight;
            if (!isRight)
                yield break;
            (value, next) = (result, next + 1);
        }
    }

    [GeneratedRegex(@"\s*The final answer is .*$", RegexOptions.Singleline)]
    private static partial Regex FinalAnswer();
}
