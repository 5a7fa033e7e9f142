using System.Text.Json;

namespace GenPrm.Core.Scoring;

/// <summary>Finds what JSON calls a string and is no text: half of a surrogate pair, escaped, or bytes that are not UTF-8. A parsed document says so only when it is
/// read, by an exception where nobody expects one.</summary>
public static class JsonTexts
{
    /// <summary>Where such a string stands, or null.</summary>
    /// <returns>The path, such as <c>steps[1]</c>, empty for the whole; whether it is the name of a field of what stands there.</returns>
    public static (string Path, bool IsName)? NoTextIn(JsonElement value)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.String:
                return IsText(value, static text => text.GetString()) ? null : ("", false);
            case JsonValueKind.Array:
                var index = 0;
                foreach (var element in value.EnumerateArray())
                {
                    if (NoTextIn(element) is { } inside)
                        return inside with { Path = Joined($"[{index}]", inside.Path) };
                    index++;
                }

                return null;
            case JsonValueKind.Object:
                foreach (var property in value.EnumerateObject())
                {
                    if (!IsText(property, static field => field.Name))
                        return ("", true);
                    if (NoTextIn(property.Value) is { } inside)
                        return inside with { Path = Joined(property.Name, inside.Path) };
                }

                return null;
            default:
                return null;
        }

        static string Joined(string path, string rest) => rest.Length == 0 || rest[0] == '[' ? path + rest : $"{path}.{rest}";
    }

    private static bool IsText<T>(T from, Func<T, string?> read)
    {
        try
        {
            read(from);
            return true;
        }
        catch (InvalidOperationException)
        {
            return false;
        }
    }
}
