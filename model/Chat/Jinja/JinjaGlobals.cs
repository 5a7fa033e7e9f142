using System.Globalization;
using System.Text;

namespace GenPrm.Model.Chat.Jinja;

/// <summary>The functions that <c>transformers</c> and Jinja give every chat template.</summary>
internal static class JinjaGlobals
{
    private const long LongestRange = 100_000;

    public static void AddTo(JinjaDictionary globals, TimeProvider time)
    {
        Add("range", Range);
        Add("namespace", call => new JinjaNamespace(Fields(call)));
        Add("dict", Fields);
        Add("raise_exception", call => throw new JinjaException($"the template refuses: {Python.Text(call.Required(0, "message"))}"));
        Add("strftime_now", call => FormatTime(time.GetLocalNow(), call.Text(0, "format")));

        void Add(string name, Func<JinjaCall, object?> body) => globals[name] = new JinjaFunction(name, body);
    }

    private static JinjaList Range(JinjaCall call)
    {
        var first = call.Only("start", "stop", "step").Whole(0, "start", 0);
        var (start, stop) = call.Positional.Count == 1 ? (0, first) : (first, call.Whole(1, "stop", 0));
        var step = call.Whole(2, "step", 1);
        if (step == 0 || call.Positional.Count == 0)
            throw new JinjaException("range wants an end, and a step other than 0");
        var count = (Int128)(step > 0 ? stop : start) - (step > 0 ? start : stop);
        count = count <= 0 ? 0 : (count + Int128.Abs(step) - 1) / Int128.Abs(step);
        return count <= LongestRange
            ? new JinjaList([.. Enumerable.Range(0, (int)count).Select(index => (object?)(start + (index * step)))])
            : throw new JinjaException($"a range of {count} numbers; at most {LongestRange} are allowed");
    }

    private static JinjaDictionary Fields(JinjaCall call)
    {
        var fields = new JinjaDictionary();
        if (call.Positional is [JinjaDictionary given])
        {
            foreach (var key in given.Keys)
                fields[key] = given.TryGet(key, out var value) ? value : null;
        }
        else if (call.Positional.Count > 0)
        {
            throw new JinjaException($"{call.Name} wants named values, or one dictionary");
        }

        foreach (var (name, value) in call.Named)
            fields[name] = value;
        return fields;
    }

    /// <summary>Python's <c>strftime</c> in English.</summary>
    private static string FormatTime(DateTimeOffset now, string format)
    {
        var text = new StringBuilder();
        for (var place = 0; place < format.Length; place++)
        {
            if (format[place] != '%' || ++place == format.Length)
            {
                text.Append(format[Math.Min(place, format.Length - 1)]);
                continue;
            }

            var plain = format[place] == '-' && place + 1 < format.Length;
            var letter = plain ? format[++place] : format[place];
            var part = letter switch
            {
                'd' => "dd",
                'm' => "MM",
                'b' => "MMM",
                'B' => "MMMM",
                'Y' => "yyyy",
                'y' => "yy",
                'H' => "HH",
                'I' => "hh",
                'M' => "mm",
                'S' => "ss",
                'p' => "tt",
                'A' => "dddd",
                'a' => "ddd",
                'F' => "yyyy-MM-dd",
                'T' => "HH:mm:ss",
                '%' => "'%'",
                'j' => now.DayOfYear.ToString(plain ? "0" : "000", CultureInfo.InvariantCulture),
                _ => throw new JinjaException($"strftime_now: '%{letter}' is not known"),
            };
            var shown = letter == 'j' ? part : now.ToString(part, CultureInfo.InvariantCulture);
            text.Append(plain ? shown.TrimStart('0') is { Length: > 0 } trimmed ? trimmed : "0" : shown);
        }

        return text.ToString();
    }
}
