using System.Globalization;
using System.Text;
using System.Text.Json;

namespace GenPrm.Model.Chat.Jinja;

/// <summary>JSON as Python's <c>json.dumps(…, ensure_ascii=False)</c> writes it, which <c>transformers</c> gives templates as
/// <c>tojson</c>; and JSON read into template values.</summary>
internal static class PythonJson
{
    private const int Deepest = 64;

    /// <param name="indent">Blanks a level; null for one line.</param>
    public static string Write(object? value, int? indent, bool asciiOnly, bool sorted)
    {
        var text = new StringBuilder();
        Write(value, text, 0);
        return text.ToString();

        void Write(object? item, StringBuilder text, int depth)
        {
            if (depth > Deepest)
                throw new JinjaException("tojson: the value is too deep");
            switch (item)
            {
                case null:
                    text.Append("null");
                    break;
                case bool flag:
                    text.Append(flag ? "true" : "false");
                    break;
                case long number:
                    text.Append(number.ToString(CultureInfo.InvariantCulture));
                    break;
                case double number:
                    text.Append(double.IsNaN(number) ? "NaN" : double.IsInfinity(number) ? (number > 0 ? "Infinity" : "-Infinity") : Python.FloatText(number));
                    break;
                case string own:
                    Quote(own, text, asciiOnly);
                    break;
                case JinjaList list:
                    Many(list.Items, '[', ']', text, depth, one => Write(one, text, depth + 1));
                    break;
                case JinjaDictionary dictionary:
                    var keys = sorted ? dictionary.Keys.Order(StringComparer.Ordinal) : dictionary.Keys;
                    Many([.. keys], '{', '}', text, depth, key =>
                    {
                        Quote(key, text, asciiOnly);
                        text.Append(": ");
                        dictionary.TryGet(key, out var own);
                        Write(own, text, depth + 1);
                    });
                    break;
                default:
                    throw new JinjaException($"tojson: {Python.Kind(item)} has no JSON form");
            }
        }

        void Many<T>(IReadOnlyList<T> items, char open, char close, StringBuilder text, int depth, Action<T> write)
        {
            text.Append(open);
            for (var index = 0; index < items.Count; index++)
            {
                text.Append(index == 0 ? "" : indent is null ? ", " : ",");
                NewLine(depth + 1);
                write(items[index]);
            }

            if (items.Count > 0)
                NewLine(depth);
            text.Append(close);

            void NewLine(int level)
            {
                if (indent is { } blanks)
                    text.Append('\n').Append(' ', blanks * level);
            }
        }
    }

    public static object? Read(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Null or JsonValueKind.Undefined => null,
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        JsonValueKind.String => element.GetString(),
        JsonValueKind.Number => element.TryGetInt64(out var whole) && !element.GetRawText().AsSpan().ContainsAny('.', 'e', 'E') ? whole : element.GetDouble(),
        JsonValueKind.Array => new JinjaList([.. element.EnumerateArray().Select(Read)]),
        _ => new JinjaDictionary(element.EnumerateObject().Select(field => (field.Name, Read(field.Value)))),
    };

    private static void Quote(string own, StringBuilder text, bool asciiOnly)
    {
        text.Append('"');
        foreach (var unit in own)
        {
            text.Append(unit switch
            {
                '"' => "\\\"",
                '\\' => "\\\\",
                '\n' => "\\n",
                '\r' => "\\r",
                '\t' => "\\t",
                '\b' => "\\b",
                '\f' => "\\f",
                < ' ' => $"\\u{(int)unit:x4}",
                >= '\u007F' when asciiOnly && unit > '\u007F' => $"\\u{(int)unit:x4}",
                _ => unit.ToString(),
            });
        }

        text.Append('"');
    }
}
