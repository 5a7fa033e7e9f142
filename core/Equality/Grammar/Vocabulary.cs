using System.Collections.Frozen;

namespace GenPrm.Core.Equality.Grammar;

/// <summary>The names that the lexer knows. A new spelling of a known notation is one entry here.</summary>
internal static class Vocabulary
{
    /// <summary>Commands that only change how an answer looks.</summary>
    public static readonly FrozenSet<string> Noise = Set(
        "left right middle big Big bigg Bigg bigl bigr Bigl Bigr biggl biggr Biggl Biggr displaystyle textstyle scriptstyle limits nolimits " +
        "noindent hfill rm bf it sf tt boxed fbox framebox hline mathbf boldsymbol bm mathit mathcal mathsf mathfrak mathscr hat widehat " +
        "underline ensuremath mathopen mathclose mathord strut par newline allowbreak bold pmb centering null large Large LARGE huge Huge small tiny normalsize footnotesize pounds");

    /// <summary>Commands whose argument is not part of the answer.</summary>
    public static readonly FrozenSet<string> Ignored = Set("hspace vspace hskip kern tag label color phantom hphantom vphantom");

    /// <summary>Commands whose argument is text.</summary>
    public static readonly FrozenSet<string> Upright = Set("text textbf textit textrm textsf texttt textnormal textup mbox hbox mathrm operatorname emph rm");

    /// <summary>Names of functions of one argument, and what they are written as without a backslash.</summary>
    public static readonly FrozenSet<string> Functions = Set(
        "sin cos tan cot sec csc arcsin arccos arctan arccot sinh cosh tanh coth sech csch ln log lg exp cis");

    /// <summary>Names of functions of a bracketed list.</summary>
    public static readonly FrozenSet<string> ListFunctions = Set("gcd lcm max min det floor ceil abs Re Im arg tr deg sgn sign");

    /// <summary>Other spellings of a command: the command, then what is read as it.</summary>
    public static readonly FrozenDictionary<string, string> Aliases = Spellings("""
        frac: dfrac tfrac cfrac nicefrac sfrac
        binom: dbinom tbinom
        leq: le leqslant leqq
        geq: ge geqslant geqq
        neq: ne
        gcd: gcf hcf
        infty: infinity infin inf
        tan: tg
        cot: ctg
        csc: cosec
        arcsin: asin
        arccos: acos
        arctan: atan arctg
        ldots: dots cdots dotsc dotsb
        emptyset: varnothing O
        {: lbrace
        }: rbrace
        circ: degree degrees
        (: lparen
        ): rparen
        cdot: ast bullet
        approx: thickapprox simeq doteq
        land: wedge
        lor: vee
        vec: overrightarrow
        setminus: backslash smallsetminus
        cup: bigcup
        cap: bigcap
        epsilon: varepsilon
        theta: vartheta
        phi: varphi
        bbR: R
        bbZ: Z
        bbN: N
        bbQ: Q
        in: isin
        Omega: ohm
        stackrel: overset
        tilde: widetilde
        """).ToFrozenDictionary(s => s.Spelling, s => s.Meaning, StringComparer.Ordinal);

    /// <summary>Commands that are one sign: the sign, then the commands.</summary>
    public static readonly FrozenDictionary<string, char> Signs = Spellings("""
        *: times cdot
        /: div slash
        <: lt
        >: gt
        :: colon
        |: mid vert lvert rvert lVert rVert Vert
        [: lbrack
        ]: rbrack
        (: (
        ): )
        ,: quad qquad vdots
        ': prime
        =: equals
        -: minus
        +: plus
        ^: textasciicircum
        €: euro
        """).ToFrozenDictionary(s => s.Spelling, s => s.Meaning[0], StringComparer.Ordinal);

    /// <summary>Characters beyond ASCII: what they stand for, then the characters.</summary>
    public static readonly FrozenDictionary<char, string> Characters = Spellings("""
        \pi: π
        \sqrt: √
        \sqrt[3]: ∛
        \infty: ∞
        \pm: ±
        \mp: ∓
        *: × · ⋅ ∙ • ∗
        /: ÷ ⁄ ∕
        -: − – — ‐ ‑
        \leq: ≤ ⩽ ≦
        \geq: ≥ ⩾ ≧
        \neq: ≠
        \approx: ≈
        \equiv: ≡
        ^{\circ}: ° º ˚
        \cup: ∪
        \cap: ∩
        \emptyset: ∅
        \in: ∈
        \setminus: ∖
        \bbR: ℝ
        \bbZ: ℤ
        \bbN: ℕ
        \bbQ: ℚ
        \theta: θ
        \alpha: α
        \beta: β
        \gamma: γ
        \delta: δ
        \lambda: λ
        \mu: μ
        \phi: φ ϕ
        \omega: ω
        \rho: ρ
        \sigma: σ
        \tau: τ
        \epsilon: ε
        \Delta: Δ
        \Sigma: Σ
        \Omega: Ω
        \lfloor: ⌊
        \rfloor: ⌋
        \lceil: ⌈
        \rceil: ⌉
        \angle: ∠
        \triangle: △
        \langle: ⟨ 〈
        \rangle: ⟩ 〉
        |: ∣
        \ldots: … ⋯
        \to: →
        \frac{1}{2}: ½
        \frac{1}{3}: ⅓
        \frac{2}{3}: ⅔
        \frac{1}{4}: ¼
        \frac{3}{4}: ¾
        \frac{1}{5}: ⅕
        \frac{2}{5}: ⅖
        \frac{3}{5}: ⅗
        \frac{4}{5}: ⅘
        \frac{1}{6}: ⅙
        \frac{5}{6}: ⅚
        \frac{1}{8}: ⅛
        \frac{3}{8}: ⅜
        \frac{5}{8}: ⅝
        \frac{7}{8}: ⅞
        ^{2}: ²
        ^{3}: ³
        ^{1}: ¹
        ^{0}: ⁰
        ^{4}: ⁴
        ^{5}: ⁵
        ^{6}: ⁶
        ^{7}: ⁷
        ^{8}: ⁸
        ^{9}: ⁹
        _{0}: ₀
        _{1}: ₁
        _{2}: ₂
        _{3}: ₃
        _{4}: ₄
        _{5}: ₅
        _{6}: ₆
        _{7}: ₇
        _{8}: ₈
        _{9}: ₉
        ': ′ ’ ‘
        \"", ['”'] =: “
        ,: ， 、
        ;: ；
        ¥: ￥
        :: ： ∶
        .: 。
        \land: ∧
        \lor: ∨
        """).ToFrozenDictionary(s => s.Spelling[0], s => char.IsAsciiLetter(s.Meaning[^1]) ? s.Meaning + " " : s.Meaning);

    /// <summary>Characters that are left out: quotation marks, and the sign of pounds, whose name is a mass as well.</summary>
    public static readonly FrozenSet<char> Dropped = "£“”".ToFrozenSet();

    /// <summary>Words that join the items of a list.</summary>
    public static readonly FrozenSet<string> Joiners = Set("and or");

    /// <summary>Words that begin a remark on what stands before them.</summary>
    public static readonly FrozenSet<string> Remarks = Set("for where when if with since because provided given such assuming on in");

    /// <summary>Words before a number that make a bound of it.</summary>
    public static readonly FrozenDictionary<string, string> Bounds = Spellings("""
        ≥: at_least no_less_than no_fewer_than not_less_than
        ≤: at_most no_more_than not_more_than up_to
        <: less_than fewer_than smaller_than below under
        >: more_than greater_than larger_than above over
        ≠: not
        """).ToFrozenDictionary(s => s.Spelling.Replace('_', ' '), s => s.Meaning, StringComparer.OrdinalIgnoreCase);

    /// <summary>Short words of everyday language that are not products of letters.</summary>
    public static readonly FrozenSet<string> ShortWords = Set(
        "and or no is of out if to the are not yes odd red one two six ten all any but was per day km cm mm ft kg mg lb lbs oz mi hr hrs min sec rad yen pct mph kph cents hour hours");

    private static readonly System.Buffers.SearchValues<char> Vowels = System.Buffers.SearchValues.Create("aeiouAEIOU");

    private static readonly FrozenSet<string> BareCommands = Set("sqrt pi infty infinity inf theta alpha beta gamma lambda frac cdot times pm log");

    /// <summary>The command that a run of letters without a backslash means, or null.</summary>
    public static string? BareCommand(string run)
        => Functions.Contains(run) || BareCommands.Contains(run) || run is "gcd" or "lcm" or "max" or "min" or "floor" or "ceil" or "abs" or "arcsin" or "arccos" or "arctan"
            ? run
            : null;

    /// <summary>Whether a run of letters is a word of language rather than a product of letters.</summary>
    public static bool IsWord(string run) => run.Length switch
    {
        1 => false,
        2 or 3 => ShortWords.Contains(run.ToLowerInvariant()),
        4 => ShortWords.Contains(run.ToLowerInvariant()) || (run.AsSpan(1).ContainsAny(Vowels) && !run.All(char.IsUpper)),
        _ => !run.All(char.IsUpper),
    };

    // Lines of a meaning, a colon and its spellings.
    private static IEnumerable<(string Meaning, string Spelling)> Spellings(string table)
        => from line in table.Split('\n', StringSplitOptions.TrimEntries)
           let colon = line.IndexOf(": ", StringComparison.Ordinal)
           from spelling in line[(colon + 2)..].Split(' ')
           select (line[..colon], spelling);

    private static FrozenSet<string> Set(string words) => words.Split(' ').ToFrozenSet(StringComparer.Ordinal);
}
