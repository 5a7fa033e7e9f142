using System.Diagnostics;
using System.Text.Json;
using GenPrm.Tests.EndToEnd.Jobs;

namespace GenPrm.Tests.EndToEnd.Serving;

/// <summary>The real <c>genprm serve</c>, asked as a user asks it.</summary>
public sealed class ServeTests : IDisposable
{
    private const string Token = "a-token-for-a-test";

    private static readonly string Model = Path.Combine(TestMaterial.RepositoryRoot, "examples", "models", "last-digits");

    private readonly GenPrmProgram _genprm = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _genprm.Dispose();

    [Fact]
    public async Task OpenAIClient_OfNode_GetsWhatItExpects()
    {
        using OpenAIClient client = await OpenAIClient.InstallAsync();
        (_, string url) = await ServeAsync("--token", Token);

        JsonElement found = await client.AskAsync(url, Token, "tiny");

        Assert.Equal("tiny", Assert.Single(found.GetProperty("models").EnumerateArray()).GetString());
        JsonElement chat = found.GetProperty("chat");
        string text = Text(chat.GetProperty("choices")[0]);
        Assert.NotEmpty(text);
        Assert.Equal(text, found.GetProperty("chatAgain").GetString());
        JsonElement streamed = found.GetProperty("streamed");
        Assert.Equal(text, streamed.GetProperty("text").GetString());
        Assert.True(streamed.GetProperty("pieces").GetInt32() > 1);
        Assert.Equal(chat.GetProperty("choices")[0].GetProperty("finish_reason").GetString(), streamed.GetProperty("finish").GetString());
        Assert.Equal(chat.GetProperty("usage").GetRawText(), streamed.GetProperty("usage").GetRawText());
        var tokens = chat.GetProperty("choices")[0].GetProperty("logprobs").GetProperty("content").EnumerateArray().ToList();
        Assert.Equal(text, string.Concat(tokens.Select(token => token.GetProperty("token").GetString())));
        Assert.All(tokens, token => Assert.Equal(3, token.GetProperty("top_logprobs").GetArrayLength()));

        var choices = found.GetProperty("completions").GetProperty("choices").EnumerateArray().ToList();
        Assert.Equal(4, choices.Count);
        JsonElement stop = found.GetProperty("stop");
        string whole = stop.GetProperty("whole").GetString()!;
        // One choice is the first of four with the same seed.
        Assert.Equal(whole, Text(choices[0]));
        Assert.Equal(whole[..whole.IndexOf(stop.GetProperty("at").GetString()!, StringComparison.Ordinal)], stop.GetProperty("text").GetString());
        Assert.Equal("stop", stop.GetProperty("finish").GetString());

        JsonElement judged = found.GetProperty("judged");
        Assert.All(judged.GetProperty("rewards").EnumerateArray(), reward => Assert.InRange(reward.GetDouble(), 0, 1));
        Assert.Equal(2, judged.GetProperty("rewards").GetArrayLength());
        Assert.Equal(2, judged.GetProperty("paths").GetArrayLength());

        JsonElement refusals = found.GetProperty("refusals");
        AssertRefused(refusals.GetProperty("field"), "BadRequestError", "temperature");
        AssertRefused(refusals.GetProperty("model"), "NotFoundError", "model");
        AssertRefused(refusals.GetProperty("tools"), "BadRequestError", "tools");
        AssertRefused(refusals.GetProperty("context"), "BadRequestError", null);
        AssertRefused(refusals.GetProperty("token"), "AuthenticationError", null);
    }

    [Fact]
    public async Task Serve_Stopped_EndsInOrderWith130()
    {
        (Process server, string url) = await ServeAsync();
        using (var client = new HttpClient())
            Assert.Contains("ok", await client.GetStringAsync(new Uri(new Uri(url), "/health"), Cancellation), StringComparison.Ordinal);

        using Process kill = Process.Start("kill", ["-TERM", $"{server.Id}"])!;
        (int code, string output, string errors) = await GenPrmProgram.EndAsync(server);

        Assert.True(code == 130, $"It ended with {code}:\n{output}\n{errors}");
        Assert.Contains("/health 200", output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(2, "no folder", "nowhere")]
    [InlineData(2, "there is no token", "MODEL", "--host", "0.0.0.0")]
    [InlineData(2, "at least 8", "MODEL", "--token", "short")]
    [InlineData(2, "an IP address", "MODEL", "--host", "example.com")]
    [InlineData(2, "from 0", "MODEL", "--port", "70000")]
    public async Task Serve_OptionThatWillNotDo_IsSaid(int code, string part, params string[] arguments)
    {
        (int found, _, string errors) = await GenPrmProgram.EndAsync(_genprm.Start(["serve", .. arguments.Select(argument => argument == "MODEL" ? Model : argument)]));
        Assert.Equal(code, found);
        Assert.Contains(part, errors, StringComparison.Ordinal);
    }

    private static string Text(JsonElement choice) =>
        (choice.TryGetProperty("text", out JsonElement text) ? text : choice.GetProperty("message").GetProperty("content")).GetString()!;

    private static void AssertRefused(JsonElement refusal, string kind, string? field) =>
        Assert.Equal((kind, field), (refusal.GetProperty("kind").GetString(), refusal.GetProperty("param").GetString()));

    private async Task<(Process Server, string Url)> ServeAsync(params string[] more)
    {
        Process server = _genprm.Start(["serve", $"tiny={Model}", "--port", "0", "--device", "cpu", .. more]);
        while (await server.StandardError.ReadLineAsync(Cancellation) is { } line)
        {
            if (line.StartsWith("Listening on ", StringComparison.Ordinal))
                return (server, line["Listening on ".Length..].Split(' ')[0].TrimEnd('.'));
        }

        throw new InvalidOperationException($"The server ended before it listened: {await server.StandardOutput.ReadToEndAsync(Cancellation)}");
    }
}
