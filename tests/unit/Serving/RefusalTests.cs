using System.Net;
using System.Net.Sockets;
using System.Text;
using GenPrm.Trainer.Serving;

namespace GenPrm.Tests.Serving;

public sealed class RefusalTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("\"temperature\":\"hot\"", "temperature", "temperature is \"hot\"; it takes a number from 0 to 2.")]
    [InlineData("\"temperature\":2.5", "temperature", "2.5")]
    [InlineData("\"temperature\":-1e-9", "temperature", "from 0 to 2")]
    [InlineData("\"temperature\":1e999", "temperature", "1e999")]
    [InlineData("\"temperature\":1e-40,\"top_p\":0.9", "temperature", "below 0.0001")]
    [InlineData("\"top_p\":0", "top_p", "above 0")]
    [InlineData("\"top_k\":-2", "top_k", "-2")]
    [InlineData("\"n\":0", "n", "from 1 to 128")]
    [InlineData("\"n\":1000000000", "n", "1000000000")]
    [InlineData("\"n\":1e9", "n", "1e9")]
    [InlineData("\"n\":1.5", "n", "a whole number")]
    [InlineData("\"max_tokens\":0", "max_tokens", "from 1")]
    [InlineData("\"max_tokens\":99999999999999999999", "max_tokens", "9999")]
    [InlineData("\"max_tokens\":5,\"max_completion_tokens\":6", "max_tokens", "two names")]
    [InlineData("\"stop\":[\"\"]", "stop", "from 1 to 256")]
    [InlineData("\"stop\":7", "stop", "a string, or an array of at most 16")]
    [InlineData("\"seed\":1.5", "seed", "64 bits")]
    [InlineData("\"stream\":\"yes\"", "stream", "true or false")]
    [InlineData("\"stream_options\":{\"include_usage\":true}", "stream_options", "stream is not true")]
    [InlineData("\"top_logprobs\":3", "top_logprobs", "logprobs is not true")]
    [InlineData("\"logprobs\":true,\"top_logprobs\":21", "top_logprobs", "from 0 to 20")]
    [InlineData("\"tools\":[{}]", "tools", "does not have tools")]
    [InlineData("\"frequency_penalty\":0.1", "frequency_penalty", "does not have frequency_penalty")]
    [InlineData("\"response_format\":{\"type\":\"json_object\"}", "response_format", "json_object")]
    [InlineData("\"echo\":true", "echo", "does not have echo")]
    [InlineData("\"continue_final_message\":true", "continue_final_message", "End with the assistant's")]
    [InlineData("\"messages\":3", "messages", "an array")]
    [InlineData("\"messages\":[]", "messages", "at least one message")]
    [InlineData("\"messages\":[4]", "messages[0]", "a JSON object")]
    [InlineData("\"messages\":[{\"role\":\"user\"}]", "messages[0].content", "missing")]
    [InlineData("\"messages\":[{\"role\":\"tool\",\"content\":\"x\"}]", "messages[0].role", "none of system")]
    [InlineData("\"messages\":[{\"role\":\"user\",\"content\":[{\"type\":\"image_url\"}]}]", "messages[0].content[0].type", "not text")]
    [InlineData("\"messages\":[{\"role\":\"user\",\"content\":\"\\ud800\"}]", "messages[0].content", "surrogate")]
    [InlineData("\"messages\":[{\"role\":\"user\",\"content\":\"so <|end|> it goes\"}]", "messages", "<|end|>")]
    [InlineData("\"messages\":[{\"role\":\"user\",\"content\":\"a\\uff5c<｜User｜>b\"}]", "messages", "<｜User｜>")]
    [InlineData("\"messages\":[{\"role\":\"user\",\"content\":\"<think>\"}]", "messages", "<think>")]
    [InlineData("\"messages\":[{\"role\":\"assistant\",\"content\":\"<think>x</think>y<｜User｜>\"},{\"role\":\"user\",\"content\":\"z\"}]", "messages", "<｜User｜>")]
    [InlineData("\"model\":\"other\"", "model", "There is m.")]
    [InlineData("\"model\":null", "model", "missing")]
    public async Task Chat_FieldThatWillNotDo_IsNamedWithItsValueAndWhatItTakes(string field, string name, string part)
    {
        await using var server = await ServerFixture.StartAsync();
        var messages = field.Contains("\"messages\"", StringComparison.Ordinal) ? "" : "\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}],";
        var model = field.Contains("\"model\"", StringComparison.Ordinal) ? "" : "\"model\":\"m\",";
        var error = await server.ErrorAsync("/v1/chat/completions", $"{{{model}{messages}{field}}}");
        Assert.Equal((name, true), (error.Field, error.Status is 400 or 404));
        Assert.Contains(part, error.Message, StringComparison.Ordinal);
        Assert.Empty(server.Model.Requests);
    }

    [Fact]
    public async Task Chat_AssistantsTurn_MayHoldItsOwnReasoning()
    {
        await using var server = await ServerFixture.StartAsync();
        await server.AnswerAsync("/v1/chat/completions", """{"model":"m","messages":[{"role":"user","content":"x"},{"role":"assistant","content":"<think>x</think>y"},{"role":"user","content":"z"}]}""");
    }

    [Theory]
    [InlineData("\"prompt\":null", "prompt", "missing")]
    [InlineData("\"prompt\":[1,2]", "prompt", "array of tokens")]
    [InlineData("\"prompt\":[]", "prompt", "at least one")]
    [InlineData("\"prompt\":[\"a\",5]", "prompt[1]", "a string")]
    [InlineData("\"prompt\":[\"a\",\"b\"],\"n\":100", "prompt", "200 continuations")]
    [InlineData("\"prompt\":\"a\",\"logprobs\":true", "logprobs", "from 0 to 20")]
    [InlineData("\"prompt\":\"a\",\"best_of\":4", "best_of", "does not have best_of")]
    [InlineData("\"prompt\":\"a\",\"suffix\":\"b\"", "suffix", "does not have suffix")]
    public async Task Completion_FieldThatWillNotDo_IsNamed(string field, string name, string part)
    {
        await using var server = await ServerFixture.StartAsync();
        var error = await server.ErrorAsync("/v1/completions", $"{{\"model\":\"m\",{field}}}");
        Assert.Equal((400, name), (error.Status, error.Field));
        Assert.Contains(part, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{")]
    [InlineData("[]")]
    [InlineData("")]
    [InlineData("{\"model\":\"m\",\"model\":\"n\"}")]
    [InlineData("\u0000")]
    public async Task Body_ThatIsNoObject_Is400(string body)
    {
        await using var server = await ServerFixture.StartAsync();
        Assert.Equal(400, (await server.ErrorAsync("/v1/completions", body)).Status);
    }

    [Theory]
    [InlineData("{\"model\":\"m\",\"\\ud800\":1}", null)]
    [InlineData("{\"model\":\"m\",\"prompt\":\"a\",\"user\":\"\\udc00\"}", "user")]
    [InlineData("{\"model\":\"m\",\"prompt\":\"a\",\"logit_bias\":{\"\\ud800\":1}}", null)]
    [InlineData("{\"model\":\"m\",\"prompt\":\"a\",\"x\":[{\"y\":\"\\ud800\"}]}", "x[0].y")]
    [InlineData("{\"model\":\"m\",\"prompt\":\"#\"}", "prompt")]
    [InlineData("{\"model\":\"m\",\"#\":1,\"##\":1}", null)]
    public async Task Body_WithNamesOrTextsThatAreNoText_Is400(string body, string? field)
    {
        await using var server = await ServerFixture.StartAsync();
        // # stands for a byte that UTF-8 does not have.
        using var content = new ByteArrayContent([.. Encoding.UTF8.GetBytes(body).Select(value => value == '#' ? (byte)0xFF : value)]);
        content.Headers.ContentType = new("application/json");
        foreach (var path in new[] { "/v1/completions", "/v1/judge" })
        {
            using var response = await server.Client.PostAsync(new Uri(path, UriKind.Relative), content, Cancellation);
            var error = await ServerFixture.ErrorAsync(response);
            Assert.Equal((400, field), (error.Status, error.Field));
        }
    }

    [Theory]
    [InlineData("FFFFFFFFFFFFFFFF\r\n")]
    [InlineData("zz\r\n")]
    public async Task Body_WithChunksThatAreNone_Is400(string chunks)
    {
        await using var server = await ServerFixture.StartAsync();
        using var socket = new TcpClient();
        await socket.ConnectAsync(IPAddress.Loopback, server.Client.BaseAddress!.Port, Cancellation);
        await socket.GetStream().WriteAsync(
            Encoding.ASCII.GetBytes($"POST /v1/completions HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n{chunks}"), Cancellation);
        using var lines = new StreamReader(socket.GetStream());
        Assert.Equal("HTTP/1.1 400 Bad Request", await lines.ReadLineAsync(Cancellation));
    }

    [Fact]
    public async Task Body_NestedDeep_Is400()
    {
        await using var server = await ServerFixture.StartAsync();
        var deep = string.Concat(Enumerable.Repeat("[", 100_000));
        Assert.Equal(400, (await server.ErrorAsync("/v1/completions", $"{{\"prompt\":{deep}")).Status);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Body_TooLarge_Is413AndNotRead(bool chunked)
    {
        await using var server = await ServerFixture.StartAsync(options => options with { MaxBodyBytes = 1000 });
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/completions") { Content = ServerFixture.Json($"{{\"prompt\":\"{new string('a', 2000)}\"}}") };
        request.Headers.TransferEncodingChunked = chunked;
        using var response = await server.Client.SendAsync(request, Cancellation);
        Assert.Equal(413, (await ServerFixture.ErrorAsync(response)).Status);
    }

    [Fact]
    public async Task Body_OfAnotherType_Is415()
    {
        await using var server = await ServerFixture.StartAsync();
        using var content = new StringContent("{}", Encoding.UTF8, "text/plain");
        using var response = await server.Client.PostAsync(new Uri("/v1/completions", UriKind.Relative), content, Cancellation);
        Assert.Equal(415, (await ServerFixture.ErrorAsync(response)).Status);
    }

    [Fact]
    public async Task Prompt_LongerThanTheContext_Is400EvenStreamed()
    {
        await using var server = await ServerFixture.StartAsync();
        foreach (var body in new[] { """{"model":"m","prompt":"long"}""", """{"model":"m","prompt":["a","long"],"stream":true}""" })
        {
            var error = await server.ErrorAsync("/v1/completions", body);
            Assert.Equal(400, error.Status);
            Assert.Contains("5000 tokens and the model's context 4096", error.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Fault_OfTheModel_Is500WithoutItsWords()
    {
        await using var server = await ServerFixture.StartAsync();
        var error = await server.ErrorAsync("/v1/completions", """{"model":"m","prompt":"fault"}""");
        Assert.Equal((500, "internal_error"), (error.Status, error.Code));
        Assert.DoesNotContain("secret", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Fault_InAStream_IsItsLastEvent()
    {
        await using var server = await ServerFixture.StartAsync();
        var parts = await server.PartsAsync("/v1/completions", """{"model":"m","prompt":"fault","stream":true}""");
        Assert.StartsWith("{\"error\":", parts[^1], StringComparison.Ordinal);
        Assert.DoesNotContain("secret", parts[^1], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("GET", "/v1/nothing", 404)]
    [InlineData("GET", "/v1/completions", 405)]
    [InlineData("PUT", "/v1/models", 405)]
    public async Task Path_OrMethodThatIsNotThere_IsSaidInOpenAIsForm(string method, string path, int status)
    {
        await using var server = await ServerFixture.StartAsync();
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        using var response = await server.Client.SendAsync(request, Cancellation);
        Assert.Equal(status, (await ServerFixture.ErrorAsync(response)).Status);
    }

    [Theory]
    [InlineData("localhost", 200)]
    [InlineData("127.0.0.1:99", 200)]
    [InlineData("[::1]", 200)]
    [InlineData("example.com", 403)]
    [InlineData("localhost.example.com", 403)]
    [InlineData("127.0.0.1.example.com", 403)]
    public async Task Host_WithoutAToken_MustBeThisMachine(string host, int status)
    {
        await using var server = await ServerFixture.StartAsync();
        using var request = new HttpRequestMessage(HttpMethod.Get, "/v1/models");
        request.Headers.Host = host;
        using var response = await server.Client.SendAsync(request, Cancellation);
        Assert.Equal(status, (int)response.StatusCode);
    }

    [Theory]
    [InlineData("Bearer sesame-open", 200)]
    [InlineData("bearer sesame-open", 200)]
    [InlineData("Bearer sesame-opeN", 401)]
    [InlineData("Bearer sesame-open,Bearer sesame-open", 401)]
    [InlineData("Bearer", 401)]
    [InlineData("Basic sesame-open", 401)]
    [InlineData("sesame-open", 401)]
    [InlineData("Bearer ", 401)]
    [InlineData(null, 401)]
    public async Task Token_MustBeTheServers(string? header, int status)
    {
        await using var server = await ServerFixture.StartAsync(options => options with { Token = "sesame-open" });
        using var client = new HttpClient { BaseAddress = server.Client.BaseAddress };
        using var request = new HttpRequestMessage(HttpMethod.Get, "/v1/models");
        if (header is not null)
            request.Headers.TryAddWithoutValidation("Authorization", header);
        using var response = await client.SendAsync(request, Cancellation);
        Assert.Equal(status, (int)response.StatusCode);
        using var health = await client.GetAsync(new Uri("/health", UriKind.Relative), Cancellation);
        Assert.Equal(HttpStatusCode.OK, health.StatusCode);
    }

    [Fact]
    public async Task Options_ThatAreNotSafeOrNotPossible_AreRefused()
    {
        var options = new ServingOptions { Models = ["m"], Port = 0 };
        foreach (var wrong in new[]
        {
            options with { Address = IPAddress.Any },
            options with { Address = IPAddress.Parse("10.0.0.1") },
            options with { Token = "short" },
            options with { Token = "with a blank" },
            options with { Models = [] },
            options with { Models = ["m", "m"] },
            options with { Port = 65536 },
            options with { MaxRequests = 0 },
        })
        {
            Assert.NotEmpty(Assert.Throws<ServingException>(wrong.Validate).Message);
        }

        (options with { Address = IPAddress.Any, Token = "sesame-open" }).Validate();
        await using var server = await ServerFixture.StartAsync();
        var taken = await Assert.ThrowsAsync<ServingException>(() => ServerFixture.StartAsync(free => free with { Port = server.Client.BaseAddress!.Port }));
        Assert.Contains("another port", taken.Message, StringComparison.Ordinal);
        var elsewhere = await Assert.ThrowsAsync<ServingException>(() => ServerFixture.StartAsync(free => free with { Address = IPAddress.Parse("192.0.2.1"), Token = "sesame-open" }));
        Assert.Equal(GenPrm.Client.ExitCodes.Failed, GenPrm.Client.CommandLine.ExpectedErrors.CodeOf(elsewhere));
    }
}
