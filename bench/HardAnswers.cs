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
        ("surds", Joined("+", n => $@"\sqrt{{{n}}}"), "1"),
        ("nested-surds", Joined(",", n => $@"\sqrt{{{n}+\sqrt{{{n}}}}}"), Joined(",", n => $@"\sqrt{{{400 - n}+\sqrt{{{400 - n}}}}}")),
        ("sines", Joined("+", n => $@"\sin {n}"), "7"),
        ("waves", Joined("+", n => $@"\sin({n}x)"), "7"),
        ("inequalities", string.Join('<', Enumerable.Repeat("abc", 1_500)), "1"),
        ("unions", "(0,1)" + Repeated(@"\cup(1,2)\cap(0,3)", 25), "1"),
        ("quotients", Repeated("1/", 5_000) + "2", "1"),
        ("continued-fraction", Repeated(@"\frac{1}{x+", 20) + "1" + new string('}', 20), Repeated(@"\frac{1}{x+", 20) + "2" + new string('}', 20)),
        ("prose", Repeated("$x$ a b c ", 1_500), "1"),
    ];

    private static string Repeated(string text, int times) => string.Concat(Enumerable.Repeat(text, times));

    private static string Joined(string separator, Func<int, string> term) => string.Join(separator, Enumerable.Range(200, 200).Select(term));
}
