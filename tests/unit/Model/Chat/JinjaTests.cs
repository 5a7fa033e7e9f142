using GenPrm.Core.Generation;
using GenPrm.Model.Chat;
using GenPrm.Model.Checkpoints;
using Microsoft.Extensions.Time.Testing;

namespace GenPrm.Tests.Unit.Model.Chat;

/// <summary>The template language; expected texts are Jinja's with the settings of <c>transformers</c>.</summary>
public sealed class JinjaTests
{
    [Theory]
    [InlineData("{{ 1 + 2 * 3 }} {{ 7 // 2 }} {{ -7 // 2 }} {{ -7 % 3 }} {{ 7 / 2 }} {{ 2 ** 5 }} {{ 0 ** 2000 }} {{ (-1) ** 1001 }}", "7 3 -4 2 3.5 32 0 -1")]
    [InlineData("{{ none }} {{ true }} {{ 1.0 }} {{ 1e16 }} {{ 0.00001 }} {{ 1e3 }}", "None True 1.0 1e+16 1e-05 1000.0")]
    [InlineData("{{ ['a', 1, none, \"it's\"] }} {{ {'k': (1,)} }} {{ [] }} {{ {} }}", "['a', 1, None, \"it's\"] {'k': (1,)} [] {}")]
    [InlineData("{{ undefined_name }}|{{ 'a' if false }}|{{ messages[0].missing }}", "||")]
    [InlineData("{{ 'a' ~ 1 ~ none }} {{ 'ab' * 2 }} {{ 'x' 'y' }}", "a1None abab xy")]
    [InlineData("{{ 'abc'[::-1] }} {{ 'abcdef'[1:-1:2] }} {{ '🧮x'[0] }} {{ '🧮x'|length }} {{ [1,2,3][-1] }} {{ [1,2,3][:2] }}", "cba bd 🧮 2 3 [1, 2]")]
    [InlineData("{{ 1 < 2 < 3 }} {{ 1 == 1.0 }} {{ 'a' in 'cat' }} {{ 4 not in [1] }} {{ not 1 == 2 }}", "True True True True True")]
    [InlineData("{{ 0 or 'x' }} {{ '' and 'x' }}| {{ 1 and 2 }}", "x | 2")]
    [InlineData("{{ -2|abs }} {{ (-2)|abs }} {{ '3'|int + 1 }} {{ 'x'|int(5) }} {{ 2.5|round }} {{ '1.5'|float }}", "2 2 4 5 2.0 1.5")]
    [InlineData("{{ ' a '|trim }} {{ 'xxaxx'.strip('x') }} {{ 'a,b,c'.split(',', 1) }} {{ ' a  b '.split() }} {{ 'a.b.c'.rsplit('.', 1) }}", "a a ['a', 'b,c'] ['a', 'b'] ['a.b', 'c']")]
    [InlineData("{{ 'aXb'.lower() }} {{ 'it is'.title() }} {{ 'aab'.replace('a', 'c', 1) }} {{ 'ab'.startswith(('x', 'a')) }} {{ 'a-b'|replace('-', '+') }}", "axb It Is cab True a+b")]
    [InlineData("{{ {'a': 1, 'é': [true, none, 'x\"']}|tojson }}", "{\"a\": 1, \"é\": [true, null, \"x\\\"\"]}")]
    [InlineData("{{ {'a': [1, {}]}|tojson(indent=2) }}", "{\n  \"a\": [\n    1,\n    {}\n  ]\n}")]
    [InlineData("{% for k, v in {'b': 1, 'a': 2}.items() %}{{ k }}{{ v }}{{ ',' if not loop.last }}{% endfor %}", "b1,a2")]
    [InlineData("{% for k, v in {'b': 1, 'a': 2}|dictsort %}{{ k }}{% endfor %}{{ [3, 1, 2]|sort(reverse=true) }}{{ ['b', 'A']|sort }}", "ab[3, 2, 1]['A', 'b']")]
    [InlineData("{% for i in range(1, 10, 3) if i != 4 %}{{ loop.index }}:{{ i }} {% else %}none{% endfor %}", "1:1 2:7 ")]
    [InlineData("{% for i in [] %}x{% else %}none{% endfor %}", "none")]
    [InlineData("{% for i in range(9) %}{% if i == 1 %}{% continue %}{% endif %}{% if i == 3 %}{% break %}{% endif %}{{ i }}{% endfor %}", "02")]
    [InlineData("{% set x = 1 %}{% for i in [1, 2] %}{% set x = x + i %}{{ x }}{% endfor %}{{ x }}", "231")]
    [InlineData("{% set ns = namespace(n=0) %}{% for i in [1, 2] %}{% set ns.n = ns.n + i %}{% endfor %}{{ ns.n }}", "3")]
    [InlineData("{% set a, b = 1, (2, 3) %}{{ a }}{{ b }}{% set t %}<{{ a }}>{% endset %}{{ t }}", "1(2, 3)<1>")]
    [InlineData("{% macro m(x, y='d') %}[{{ x }}{{ y }}]{% endmacro %}{{ m(1) }}{{ m(1, y=2) }}", "[1d][12]")]
    [InlineData("{{ [{'r': 'u'}, {'r': 's'}]|selectattr('r', 'equalto', 's')|list|length }}{{ [{'r': 'u'}]|map(attribute='r')|join(',') }}{{ ['a', 'b']|map('upper')|join }}", "1uAB")]
    [InlineData("{{ [1, none, 2]|select|list }}{{ [1, 2]|reject('equalto', 1)|list }}{{ [1, 1, 2]|unique|list }}{{ 'ba'|list|sort|first }}{{ [1, 2]|last }}", "[1, 2][2][1, 2]a2")]
    [InlineData("{{ x is defined }} {{ none is none }} {{ 'a' is string }} {{ {} is mapping }} {{ [] is iterable }} {{ 3 is divisibleby 3 }} {{ 3 is odd }} {{ 1 is not string }}", "False True True True True True True True")]
    [InlineData("{{ x|default('d') }} {{ ''|default('d') }}| {{ ''|default('d', true) }} {{ none|d('e') }}", "d | d None")]
    [InlineData("a\n  {% if true %}\nb\n  {% endif %}\nc", "a\nb\nc")]
    [InlineData("a  {{- ' b ' -}}  c {#- note -#} d", "a b cd")]
    [InlineData("  {%+ if true %}x{% endif %}", "  x")]
    [InlineData("x {% raw %}{{ not }} {% x %}{% endraw %} y\n", "x {{ not }} {% x %} y")]
    [InlineData("{% generation %}g{% endgeneration %}{{ '{{' }}{{ {'a': {'b': 1}}['a']['b'] }}", "g{{1")]
    [InlineData("{{ strftime_now('%d %b %Y %H:%M %j %-d') }}", "02 Jan 2026 03:04 002 2")]
    [InlineData("{{ 'a\\nb\\t\\'\\u00e9\\x41' }}", "a\nb\t'éA")]
    [InlineData("{{ bos_token }}{{ tools is none }}{{ loop is defined }}", "<s>TrueFalse")]
    [InlineData("{{ messages[0]['content'] if messages[0]['role'] == 'user' else 'x' }}{{ messages|length }}{{ messages[0].items is defined }}", "hi1True")]
    public void Render_Template_WritesWhatJinjaWrites(string template, string expected) => Assert.Equal(expected, Render(template));

    [Theory]
    [InlineData("a\n{% include 'x' %}", "line 2: the block 'include' is not known")]
    [InlineData("{{ 1|nosuch }}", "the filter 'nosuch' is not known")]
    [InlineData("\n{{ 1 is nosuch }}", "line 2: the test 'nosuch' is not known")]
    [InlineData("{{ messages.append(1) }}", "append changes a list")]
    [InlineData("{{ nothing.field }}", "'nothing' is undefined")]
    [InlineData("{{ nothing() }}", "can not be called")]
    [InlineData("{{ 'a' + 1 }}", "'+' is not known between a string and an int")]
    [InlineData("{{ 1 // 0 }}", "division by zero")]
    [InlineData("{{ raise_exception('no system turn') }}", "no system turn")]
    [InlineData("{{ range(1000000) }}", "at most 100000")]
    [InlineData("{% for i in range(90000) %}{% for j in range(90000) %}{% endfor %}{% endfor %}", "steps")]
    [InlineData("{% set ns = namespace(s='xxxxxxxx') %}{% for i in range(99) %}{% set ns.s = ns.s + ns.s %}{% endfor %}", "characters")]
    [InlineData("{{ 'x' * 9000000000 }}", "characters")]
    [InlineData("{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}", "levels deep")]
    [InlineData("{{ 9223372036854775807 + 1 }}", "64 bits")]
    public void Render_WhatCanNotBe_IsRefusedWithTheReason(string template, string reason) =>
        Assert.Contains(reason, Assert.ThrowsAny<Exception>(() => Render(template)).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("{% if true %}")]
    [InlineData("{{ 1")]
    [InlineData("{{ 'a }}")]
    [InlineData("{{ (1 }}")]
    [InlineData("{% for x %}{% endfor %}")]
    [InlineData("{% endif %}")]
    [InlineData("{# open")]
    [InlineData("{% set 1 = 2 %}")]
    [InlineData("{{ }}")]
    [InlineData("{{ f(*x) }}")]
    [InlineData("{% raw %} x")]
    public void Parse_BrokenTemplate_GivesItsLine(string template) =>
        Assert.Contains("line 1", Assert.Throws<CheckpointException>(() => Render(template)).Message, StringComparison.Ordinal);

    [Fact]
    public void Render_DeepNesting_IsRefusedAndNotTheEndOfTheProcess()
    {
        foreach (var template in new[]
        {
            "{{ " + new string('(', 20_000) + "1" + new string(')', 20_000) + " }}",
            "{{ " + new string('[', 20_000) + " }}",
            "{{ " + string.Concat(Enumerable.Repeat("not ", 20_000)) + "1 }}",
            "{{ " + new string('-', 20_000) + "1 }}",
            "{{ 1" + string.Concat(Enumerable.Repeat("+1", 20_000)) + " }}",
            "{{ x" + string.Concat(Enumerable.Repeat(".a", 20_000)) + " }}",
            "{{ 1" + string.Concat(Enumerable.Repeat("|abs", 20_000)) + " }}",
            "{{ 1" + string.Concat(Enumerable.Repeat(" if 1", 20_000)) + " }}",
            string.Concat(Enumerable.Repeat("{% if 1 %}", 20_000)),
            "{% set " + new string('(', 20_000),
        })
        {
            Assert.ThrowsAny<Exception>(() => Render(template));
        }
    }

    private static string Render(string template)
    {
        var time = new FakeTimeProvider(new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero));
        return ChatTemplate.Parse(template, new Dictionary<string, string> { ["bos_token"] = "<s>" }, "test", time).Render([ChatMessage.User("hi")], addGenerationPrompt: true);
    }
}
