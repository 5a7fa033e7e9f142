using GenPrm.Core.Generation;
using GenPrm.Model.Chat;

namespace GenPrm.Tests.Unit.Model.Chat;

public sealed class OpenTurnTests
{
    private const string Plain = "{% for m in messages %}<{{ m.role }}>{{ m.content }}</s>{% endfor %}{% if add_generation_prompt %}<assistant>{% endif %}";
    private const string Trimming = "{% for m in messages %}<{{ m.role }}>{{ m.content|trim }}</s>{% endfor %}{% if add_generation_prompt %}<assistant>{% endif %}";
    private const string Reasoning = "{% for m in messages %}<{{ m.role }}>{{ m.content.split('</think>')[-1] }}</s>{% endfor %}{% if add_generation_prompt %}<assistant><think>\\n{% endif %}";

    [Theory]
    [InlineData(Plain, "", "<user>q</s><assistant>")]
    [InlineData(Plain, "Step 1: ", "<user>q</s><assistant>Step 1: ")]
    [InlineData(Trimming, "Step 1: ", "<user>q</s><assistant>Step 1:")]
    [InlineData(Trimming, "Step 1:", "<user>q</s><assistant>Step 1:")]
    [InlineData(Plain, "<think>\n### Paragraph 1", "<user>q</s><assistant><think>\n### Paragraph 1")]
    [InlineData(Reasoning, "<think>\n### Paragraph 1", "<user>q</s><assistant><think>\n### Paragraph 1")]
    [InlineData(Reasoning, "<think>hm", "<user>q</s><assistant><think>\nhm")]
    [InlineData(Reasoning, "<analyze>", "<user>q</s><assistant><analyze>")]
    public void RenderOpen_Prefill_IsWhereTheModelGoesOn(string template, string prefill, string expected) =>
        Assert.Equal(expected, Template(template).RenderOpen([ChatMessage.User("q")], prefill));

    [Fact]
    public void RenderOpen_TemplateThatDropsTheTurn_SaysSo()
    {
        var template = Template("{% for m in messages %}{{ m.content if m.role == 'user' }}{% endfor %}");
        Assert.Throws<GenerationException>(() => template.RenderOpen([ChatMessage.User("q")], "Step 1:"));
    }

    [Fact]
    public void Render_Refused_NamesTheFileAndNotItsFolder()
    {
        var template = ChatTemplate.Parse("{{ raise_exception('no turns') }}", new Dictionary<string, string>(), "/srv/models/secret/chat_template.jinja");
        var error = Assert.Throws<GenerationException>(() => template.RenderOpen([ChatMessage.User("q")], ""));
        Assert.StartsWith("chat_template.jinja: chat template: ", error.Message, StringComparison.Ordinal);
    }

    private static ChatTemplate Template(string source) => ChatTemplate.Parse(source.Replace("\\n", "\n", StringComparison.Ordinal), new Dictionary<string, string>(), "test");
}
