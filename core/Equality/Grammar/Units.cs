using System.Collections.Frozen;
using System.Globalization;
using System.Numerics;
using GenPrm.Core.Equality.Values;

namespace GenPrm.Core.Equality.Grammar;

/// <summary>Units that are known to measure the same thing. A unit that is not known is a remark and is not compared.</summary>
internal static class Units
{
    private const int LongestUnit = 60;

    private static readonly FrozenDictionary<string, (string Dimension, Rational Scale)> Known = Table();

    /// <summary>How many of the second unit make one of the first; null where one of them is not known, 0 where they measure different things.</summary>
    public static Rational? Ratio(string first, string second)
    {
        if (first == second)
            return Rational.One;
        if (Find(first) is not var (a, x) || Find(second) is not var (b, y))
            return null;
        return a == b ? x / y : Rational.Zero;
    }

    /// <summary>Whether the unit is known.</summary>
    public static bool IsKnown(string unit) => unit.Length > 0 && Find(unit) is not null;

    /// <summary>The unit that a sign of money means, or null.</summary>
    public static string? OfMoney(char sign) => sign switch
    {
        '$' => "dollars",
        '€' => "euros",
        '¥' => "yen",
        '₹' => "rupees",
        '¢' => "cents",
        _ => null,
    };

    // cm, square feet, ft^2, cubic inches, km/h, miles per hour, m/s^2: every word a known one.
    private static (string Dimension, Rational Scale)? Find(string unit)
    {
        if (Known.TryGetValue(unit.ToLowerInvariant(), out var known))
            return known;
        if (unit.Length > LongestUnit)
            return null;
        var exponents = new SortedDictionary<string, int>(StringComparer.Ordinal);
        var (scale, sign, next) = (Rational.One, 1, 1);
        foreach (var word in unit.ToLowerInvariant().Replace("/", " / ", StringComparison.Ordinal).Replace('*', ' ').Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            if (word is "/" or "per")
            {
                sign = -1;
            }
            else if (word is "square" or "sq" or "cubic" or "cu")
            {
                next = word[0] == 's' ? 2 : 3;
            }
            else
            {
                var isPower = word.Length > 2 && word[^2] == '^' && word[^1] is >= '1' and <= '4';
                if (!Known.TryGetValue(isPower ? word[..^2] : word, out var part))
                    return null;
                var power = sign * (isPower ? word[^1] - '0' : next);
                var (name, inner) = part.Dimension.Split('^') is [var dimension, var exponent] ? (dimension, int.Parse(exponent, CultureInfo.InvariantCulture)) : (part.Dimension, 1);
                exponents[name] = exponents.GetValueOrDefault(name) + (inner * power);
                scale *= part.Scale.Power(power);
                next = 1;
            }
        }
        var parts = exponents.Where(e => e.Value != 0).Select(e => e.Value == 1 ? e.Key : $"{e.Key}^{e.Value}");
        return exponents.Count == 0 ? null : (string.Join(' ', parts), scale);
    }

    private static FrozenDictionary<string, (string, Rational)> Table()
    {
        var table = new Dictionary<string, (string, Rational)>(StringComparer.Ordinal);
        void Add(string dimension, Rational scale, string names)
        {
            foreach (var name in names.Split(' '))
                table.Add(name, (dimension, scale));
        }

        Add("length", new Rational(1, 1_000), "mm millimeter millimeters millimetre millimetres");
        Add("length", new Rational(1, 100), "cm centimeter centimeters centimetre centimetres");
        Add("length", 1, "m meter meters metre metres");
        Add("length", 1_000, "km kilometer kilometers kilometre kilometres");
        Add("length", new Rational(254, 10_000), "in inch inches");
        Add("length", new Rational(3_048, 10_000), "ft foot feet");
        Add("length", new Rational(9_144, 10_000), "yd yard yards");
        Add("length", new Rational(1_609_344, 1_000), "mi mile miles");
        Add("time", 1, "s sec secs second seconds");
        Add("time", 60, "min mins minute minutes");
        Add("time", 3_600, "h hr hrs hour hours");
        Add("time", 86_400, "day days");
        Add("time", 604_800, "week weeks");
        Add("mass", 1, "g gram grams");
        Add("mass", 1_000, "kg kilogram kilograms");
        Add("mass", new Rational(new BigInteger(45_359_237), 100_000), "lb lbs pound pounds");
        Add("mass", new Rational(new BigInteger(45_359_237), 1_600_000), "oz ounce ounces");
        Add("money", 1, "dollar dollars usd bucks");
        Add("money", new Rational(1, 100), "cent cents");
        Add("euro", 1, "euro euros eur");
        Add("yen", 1, "yen jpy");
        Add("rupee", 1, "rupee rupees");
        Add("length^3", new Rational(1, 1_000), "l liter liters litre litres");
        Add("length^3", new Rational(1, 1_000_000), "ml milliliter milliliters");
        Add("length time^-1", new Rational(1_609_344, 3_600_000), "mph");
        Add("length time^-1", new Rational(1_000, 3_600), "kph kmh kmph");
        return table.ToFrozenDictionary(StringComparer.Ordinal);
    }
}
