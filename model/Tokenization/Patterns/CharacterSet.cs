using System.Globalization;
using System.Text;

namespace GenPrm.Model.Tokenization.Patterns;

/// <summary>A set of code points: ranges, general categories and other sets, or the complement of those.</summary>
internal sealed class CharacterSet
{
    /// <summary>In the order of <see cref="UnicodeCategory"/>.</summary>
    private static readonly string[] ShortNames =
        ["Lu", "Ll", "Lt", "Lm", "Lo", "Mn", "Mc", "Me", "Nd", "Nl", "No", "Zs", "Zl", "Zp", "Cc", "Cf", "Cs", "Co", "Pc", "Pd", "Ps", "Pe", "Pi", "Pf", "Po", "Sm", "Sc", "Sk", "So", "Cn"];

    private readonly bool[] ascii = new bool[128];
    private readonly (int First, int Last)[] ranges;
    private readonly uint categories;
    private readonly CharacterSet[] others;
    private readonly bool negated;
    private readonly bool ignoreCase;

    /// <param name="categories">A bit for each <see cref="UnicodeCategory"/>.</param>
    public CharacterSet(IEnumerable<(int First, int Last)> ranges, uint categories = 0, IEnumerable<CharacterSet>? others = null, bool negated = false, bool ignoreCase = false)
    {
        this.ranges = [.. ranges];
        this.categories = categories;
        this.others = [.. others ?? []];
        this.negated = negated;
        this.ignoreCase = ignoreCase;
        for (var point = 0; point < ascii.Length; point++)
            ascii[point] = Decide(point);
    }

    /// <summary>Unicode's White_Space property, which <c>\s</c> means.</summary>
    public static CharacterSet WhiteSpace { get; } = new(
        [(0x09, 0x0D), (0x20, 0x20), (0x85, 0x85), (0xA0, 0xA0), (0x1680, 0x1680), (0x2000, 0x200A), (0x2028, 0x2029), (0x202F, 0x202F), (0x205F, 0x205F), (0x3000, 0x3000)]);

    public static CharacterSet Digit { get; } = new([], 1u << (int)UnicodeCategory.DecimalDigitNumber);

    /// <summary>Letters, marks, decimal digits and connectors, which <c>\w</c> means.</summary>
    public static CharacterSet Word { get; } = new([], OfName("L") | OfName("M") | OfName("Nd") | OfName("Pc"));

    public static CharacterSet NotNewLine { get; } = new([('\n', '\n')], negated: true);

    public CharacterSet Complement() => new([], others: [this], negated: true);

    public bool Contains(int point) => point < ascii.Length ? ascii[point] : Decide(point);

    /// <summary>The bits of a general category's short name, such as <c>L</c> or <c>Lu</c>; 0 for an unknown name.</summary>
    public static uint OfName(string name)
    {
        uint bits = 0;
        for (var category = 0; category < ShortNames.Length; category++)
        {
            if (name.Length is 1 or 2 && ShortNames[category].StartsWith(name, StringComparison.Ordinal))
                bits |= 1u << category;
        }

        return bits;
    }

    private bool Decide(int point) => (Holds(point) || (ignoreCase && HoldsInAnotherCase(point))) != negated;

    private bool Holds(int point)
    {
        foreach (var (first, last) in ranges)
        {
            if (point >= first && point <= last)
                return true;
        }

        if (categories != 0 && (categories & (1u << (int)CharUnicodeInfo.GetUnicodeCategory(point))) != 0)
            return true;
        foreach (var other in others)
        {
            if (other.Contains(point))
                return true;
        }

        return false;
    }

    private bool HoldsInAnotherCase(int point)
    {
        if (!Rune.IsValid(point))
            return false;
        var rune = new Rune(point);
        return Holds(Rune.ToLowerInvariant(rune).Value) || Holds(Rune.ToUpperInvariant(rune).Value) || point switch
        {
            // Unicode folds these to an ASCII letter, though case mapping of single characters does not.
            '\u017F' => Holds('s') || Holds('S'),
            '\u212A' => Holds('k') || Holds('K'),
            _ => false,
        };
    }
}
