namespace GenPrm.Core.Equality;

/// <summary>The quick way for most answers: an integer or decimal of at most eighteen digits.</summary>
internal static class PlainNumber
{
    /// <summary>The value of <paramref name="text"/>, or null where it is anything else.</summary>
    public static decimal? Read(string text)
    {
        var span = text.AsSpan().Trim();
        var (value, digits, decimals, point) = (0L, 0, 0, false);
        var negative = span.Length > 0 && span[0] == '-';
        for (var i = negative ? 1 : 0; i < span.Length; i++)
        {
            if (char.IsAsciiDigit(span[i]) && digits < 18)
            {
                value = (value * 10) + (span[i] - '0');
                digits++;
                decimals += point ? 1 : 0;
            }
            else if (span[i] == '.' && !point)
            {
                point = true;
            }
            else
            {
                return null;
            }
        }
        return digits == 0 ? null : new decimal((int)value, (int)(value >> 32), 0, negative, (byte)decimals);
    }
}
