namespace GenPrm.Bench;

/// <summary>Answers made to be dear: deep nesting, long lists, large numbers, high degrees, many functions.</summary>
internal static class HardAnswers
{
    public static readonly (string Name, string Gold, string Prediction)[] All =
    [
        ("tower", "9^{9^{9}}", "1"),
        ("degree", "(x+1)^{1000000000}", "x"),
        ("factorial", "1000000!", "1"),
        ("open-braces", new string('{', 10_000), "1"),
        ("open-brackets", new string('(', 10_000), "1"),
        ("signs", new string('-', 10_000), "1"),
        ("bars", new string('|', 10_000), "1"),
        ("boxes", Repeated(@"\boxed{", 2_500), "1"),
        ("digits", new string('7', 7_000) + "/" + new string('3', 7_001), new string('7', 7_001) + "/" + new string('3', 7_001)),
        ("factors", Repeated("(a+b+c+d)", 40), "1"),
        ("expansion", "(a+b+c+d+e)^{30}", "x"),
        ("binomial-power", "(x+1)^{2000}", "x"),
        ("harmonic", @"\sum_{k=1}^{2000} \frac{1}{k}", "1"),
        ("powers", @"\sum_{k=1}^{2000} k^{100}", "1"),
        ("list", string.Join(',', Enumerable.Range(0, 3_000)), string.Join(',', Enumerable.Range(2, 3_000).Reverse())),
        ("list-reversed", string.Join(',', Enumerable.Range(0, 3_000)), string.Join(',', Enumerable.Range(0, 3_000).Reverse())),
        ("list-of-large-numbers", string.Join(',', Enumerable.Range(100_000, 2_500)), string.Join(',', Enumerable.Range(100_000, 2_500).Reverse())),
        ("logarithms-of-large-numbers", string.Join('+', Enumerable.Range(0, 150).Select(n => $@"\ln {LargeNumber(n)}")), string.Join('+', Enumerable.Range(0, 150).Select(n => $@"\ln {LargeNumber(n + 1)}"))),
        ("roots-of-large-numbers", string.Join('+', Enumerable.Range(0, 150).Select(n => $@"\sqrt{{{LargeNumber(n)}}}")), "1"),
        ("absolute-values", string.Join('+', Enumerable.Range(0, 100).Select(n => $"|x-{n}|")), string.Join('+', Enumerable.Range(0, 100).Select(n => $"|{n}-x-0|")) + "+0|x-200|"),
        ("absolute-values-of-sums", string.Join('+', "abcdefgh".Select(c => $"|{c}-x|")) + "+a", string.Join('+', "abcdefgh".Select(c => $"|{c}-x|")) + "+|a|"),
        ("nested-absolute-values", Nested("|x-(", 20, ")|"), Nested("|x-(", 20, ")|") + "+|x|-x"),
        ("maxima", Nested(@"\max(x,3-", 20, ")"), Nested(@"\max(x,3-", 20, ")") + "+|x|-x"),
        ("piecewise-powers", @"|(x-1)^{12}+x^5-3|+|x^{12}-x|+|x^7-5|", @"|3-x^5-(x-1)^{12}|+|x-x^{12}|+|5-x^7|+\max(x,100)-100"),
        ("powers-of-logarithms", @"x^{\ln y}+y^{\ln z}", @"y^{\ln x}+z^{\ln y}"),
        ("branches", Joined20(n => $@"\arctan({n}x)+\arctan\frac{{1}}{{{n}x}}"), Joined20(n => @"\frac{\pi}{2}")),
        ("roots-that-nearly-meet", Joined20(n => $@"\sqrt{{10^{{40}}+{n}}}"), Joined20(n => $@"\sqrt{{10^{{40}}+{n}}}") + @"+10^{-90}-\tanh 100+\tanh 101"),
        ("floors", Joined20(n => $@"\lfloor \frac{{n}}{{{n}}}\rfloor"), Joined20(n => $@"\lceil \frac{{n}}{{{n}}}\rceil")),
        ("factorials", @"\frac{(3n)!}{n!(2n)!}+\frac{(2n)!}{n!^2}", @"\binom{3n}{n}+\binom{2n}{n}"),
        ("matrix-power", @"\begin{pmatrix}1&2&3\\4&5&6\\7&8&10\end{pmatrix}^{100}", "1"),
        ("matrix-of-names", @"\begin{pmatrix}a&b&c\\d&e&f\\g&h&k\end{pmatrix}^{-20}", "1"),
        ("surds", Joined("+", n => $@"\sqrt{{{n}}}"), "1"),
        ("nested-surds", Joined(",", n => $@"\sqrt{{{n}+\sqrt{{{n}}}}}"), Joined(",", n => $@"\sqrt{{{400 - n}+\sqrt{{{400 - n}}}}}")),
        ("sines", Joined("+", n => $@"\sin {n}"), "7"),
        ("waves", Joined("+", n => $@"\sin({n}x)"), "7"),
        ("inequalities", string.Join('<', Enumerable.Repeat("abc", 1_500)), "1"),
        ("unions", "(0,1)" + Repeated(@"\cup(1,2)\cap(0,3)", 25), "1"),
        ("quotients", Repeated("1/", 5_000) + "2", "1"),
        ("continued-fraction", Repeated(@"\frac{1}{x+", 20) + "1" + new string('}', 20), Repeated(@"\frac{1}{x+", 20) + "2" + new string('}', 20)),
        ("quotient-chain", Nested(@"1/(", 5_000, ")"), "1"),
        ("fraction-chain", Nested(@"\frac{1}{1+", 1_400, "}"), "1"),
        ("bare-fractions", Repeated(@"\frac", 4_000) + Repeated("1", 4_001), "1"),
        ("superscripts", new string('²', 19_000), "1"),
        ("powers-in-a-row", Repeated("x²", 9_000), "1"),
        ("superscript-signs", Repeated("⁻²", 9_000), "1"),
        ("points", @"\mathbb{R}\setminus\{" + string.Join(',', Enumerable.Range(0, 4_000)) + @"\}", "(1,2)"),
        ("irrational-points", @"\mathbb{R}\setminus\{" + string.Join(',', Enumerable.Range(0, 1_500).Select(n => $@"\sqrt{{{n}}}")) + @"\}", "(1,2)"),
        ("conditions", string.Join(',', Enumerable.Range(0, 1_900).Select(n => $@"x\neq {n}")), "x>1"),
        ("two-signs", @"\{" + Joined(",", n => $@"{n}\pm 1") + @"\}", @"\{" + Joined(",", n => $@"{n + 1}\pm 1") + @"\}"),
        ("signs-in-a-sum", "1" + Repeated(@"\pm 1", 3_000), "1"),
        ("outer-product", @"\begin{pmatrix}" + Repeated(@"1\\", 1_000) + @"\end{pmatrix}\begin{pmatrix}" + Repeated("1&", 1_000) + @"1\end{pmatrix}", "1"),
        ("root-of-digits", $@"\sqrt{{{new string('7', 6_000)}}}", "2"),
        ("logarithm-of-digits", @"\ln(\ln(7^{9000}+2))" + Repeated(@"+\ln(7^{9000}+2)", 300), "2"),
        ("decimals", Repeated("0.123456789*", 1_500) + "1", "1"),
        ("powers-of-ten", Repeated("1e-7000*", 2_000) + "1", "1"),
        ("digits-of-a-base", Repeated("1A", 9_000) + "_{16}", "1"),
        ("repeating", @"0.\overline{" + Repeated("1", 499) + "}" + Repeated(@"+0.\overline{" + Repeated("12", 249) + "}", 30), "1"),
        ("segment", @"\overline{" + new string('A', 18_000) + "}", "1"),
        ("prose", Repeated("$x$ a b c ", 1_500), "1"),
        ("commas", Repeated("1,", 9_000) + "1", Repeated("2,", 9_000) + "2"),
    ];

    // A hundred digits without a small factor in common.
    private static string LargeNumber(int n) => (System.Numerics.BigInteger.Pow(10, 99) + (System.Numerics.BigInteger.Pow(7, 80) * (n + 1)) + 1).ToString(System.Globalization.CultureInfo.InvariantCulture);

    private static string Joined20(Func<int, string> term) => string.Join('+', Enumerable.Range(1, 20).Select(term));

    private static string Repeated(string text, int times) => string.Concat(Enumerable.Repeat(text, times));

    private static string Nested(string open, int times, string close) => Repeated(open, times) + "1" + Repeated(close, times);

    private static string Joined(string separator, Func<int, string> term) => string.Join(separator, Enumerable.Range(200, 200).Select(term));
}
