using System.Collections.Frozen;
using System.Numerics;
using GenPrm.Core.Equality.Values;

namespace GenPrm.Core.Equality.Forms;

/// <summary>Units that are known to measure the same thing. A unit that is not known is a remark and is not compared.</summary>
internal static class Units
{
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

    // cm, square feet, ft^2, cubic inches.
    private static (string Dimension, Rational Scale)? Find(string unit)
    {
        unit = unit.Trim();
        var power = 1;
        if (unit.Length > 2 && unit[^2] == '^' && unit[^1] is '2' or '3')
        {
            power = unit[^1] - '0';
            unit = unit[..^2];
        }
        var words = unit.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (words is [("square" or "sq" or "cubic" or "cu") and var prefix, var rest])
        {
            power = prefix[0] == 's' ? 2 : 3;
            words = [rest];
        }
        if (words.Length != 1 || !Known.TryGetValue(words[0].ToLowerInvariant(), out var known))
            return null;
        return power == 1 ? known : known.Dimension == "length" ? ("length" + power, known.Scale.Power(power)) : null;
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
        Add("time", 1, "s sec second seconds");
        Add("time", 60, "min minute minutes");
        Add("time", 3_600, "h hr hrs hour hours");
        Add("time", 86_400, "day days");
        Add("time", 604_800, "week weeks");
        Add("mass", 1, "g gram grams");
        Add("mass", 1_000, "kg kilogram kilograms");
        Add("mass", new Rational(new BigInteger(45_359_237), 100_000), "lb lbs pound pounds");
        Add("mass", new Rational(new BigInteger(45_359_237), 1_600_000), "oz ounce ounces");
        Add("money", 1, "dollar dollars usd bucks");
        Add("money", new Rational(1, 100), "cent cents");
        Add("volume", 1, "l liter liters litre litres");
        Add("volume", new Rational(1, 1_000), "ml milliliter milliliters");
        return table.ToFrozenDictionary(StringComparer.Ordinal);
    }
}
