using System.Net;
using System.Net.Sockets;
using System.Text;
using GenPrm.Trainer.Serving;

namespace GenPrm.Tests.Serving;

public sealed class LoadTests
{
    private const string Hold = """{"model":"m","prompt":"hold","stream":true}""";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Requests_BeyondTheLimit_Are429WithTheTimeToWait()
    {
        await using var server = await ServerFixture.StartAsync(options => options with { MaxRequests = 1 });
        var first = server.PostAsync("/v1/completions", """{"model":"m","prompt":"hold"}""");
        await server.Model.Held;
        using (var second = await server.PostAsync("/v1/completions", """{"model":"m","prompt":"a"}"""))
        {
            Assert.Equal(TimeSpan.FromSeconds(2), second.Headers.RetryAfter!.Delta);
            Assert.Equal((429, "server_busy"), ((await ServerFixture.ErrorAsync(second)).Status, (await ServerFixture.ErrorAsync(second)).Code));
        }

        server.Model.Release();
        using var response = await first;
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        await server.AnswerAsync("/v1/completions", """{"model":"m","prompt":"a"}""");
    }

    [Fact]
    public async Task Continuations_BeyondTheLimit_Are429AndGiveTheirPlaceBack()
    {
        await using var server = await ServerFixture.StartAsync(options => options with { MaxContinuations = 4, MaxChoices = 8 });
        var first = server.PostAsync("/v1/completions", """{"model":"m","prompt":"hold","n":3}""");
        await server.Model.Held;
        for (var time = 0; time < 3; time++)
            Assert.Equal(429, (await server.ErrorAsync("/v1/completions", """{"model":"m","prompt":"a","n":2}""")).Status);
        await server.AnswerAsync("/v1/completions", """{"model":"m","prompt":"a","n":1}""");
        Assert.Equal(400, (await server.ErrorAsync("/v1/completions", """{"model":"m","prompt":"a","n":5}""")).Status);
        server.Model.Release();
        (await first).Dispose();
        await server.AnswerAsync("/v1/completions", """{"model":"m","prompt":"a","n":4}""");
    }

    [Fact]
    public async Task Stream_Piece_ArrivesBeforeTheNextIsWritten()
    {
        await using var server = await ServerFixture.StartAsync();
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/completions") { Content = ServerFixture.Json(Hold) };
        using var response = await server.Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, Cancellation);
        using var lines = new StreamReader(await response.Content.ReadAsStreamAsync(Cancellation));
        Assert.Contains("\"Hé\"", await lines.ReadLineAsync(Cancellation), StringComparison.Ordinal);
        server.Model.Release();
        Assert.Contains("\"llo\"", await lines.ReadToEndAsync(Cancellation), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"model":"m","prompt":"hold","stream":true}""")]
    [InlineData("""{"model":"m","prompt":"hold"}""")]
    [InlineData("""{"model":"m","prompt":["a","hold","b"],"n":2,"stream":true}""")]
    public async Task Client_ThatGoesAway_EndsItsRequestAndFreesItsPlace(string body)
    {
        await using var server = await ServerFixture.StartAsync(options => options with { MaxRequests = 1 });
        using (var client = new HttpClient { BaseAddress = server.Client.BaseAddress })
        using (var leaving = new CancellationTokenSource())
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/completions") { Content = ServerFixture.Json(body) };
            var sent = client.SendAsync(request, leaving.Token);
            await server.Model.Held;
            await leaving.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => sent);
        }

        await server.Model.Cancelled;
        // The place is free as soon as the server has ended the request, a moment after the model has.
        await AnsweredWhenFreeAsync(server);
    }

    [Fact]
    public async Task Stop_WaitsForWhatIsBeingAnswered()
    {
        await using var server = await ServerFixture.StartAsync();
        var running = server.PostAsync("/v1/completions", """{"model":"m","prompt":"hold"}""");
        await server.Model.Held;
        var stopping = server.StopAsync().AsTask();
        Assert.False(stopping.IsCompleted);
        server.Model.Release();
        using var response = await running;
        Assert.Contains("Héllo 0", await response.Content.ReadAsStringAsync(Cancellation), StringComparison.Ordinal);
        await stopping;
    }

    [Fact]
    public async Task Stop_AfterTheDrainTime_EndsTheRest()
    {
        await using var server = await ServerFixture.StartAsync(options => options with { DrainTime = TimeSpan.FromMilliseconds(50) });
        var running = server.PostAsync("/v1/completions", Hold);
        await server.Model.Held;
        await server.StopAsync();
        await server.Model.Cancelled;
        await Assert.ThrowsAnyAsync<Exception>(async () => await (await running).Content.ReadAsStringAsync(Cancellation));
    }

    [Fact]
    public async Task Reader_ThatIsStuck_LosesItsRequest()
    {
        await using var server = await ServerFixture.StartAsync(options => options with { SendTime = TimeSpan.FromMilliseconds(200) });
        using var socket = new TcpClient();
        await socket.ConnectAsync(IPAddress.Loopback, server.Client.BaseAddress!.Port, Cancellation);
        const string Body = """{"model":"m","prompt":"flood","stream":true}""";
        await socket.GetStream().WriteAsync(
            Encoding.ASCII.GetBytes($"POST /v1/completions HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: {Body.Length}\r\n\r\n{Body}"), Cancellation);
        await server.Model.Cancelled;
    }

    [Fact]
    public async Task Reader_OfAWholeAnswerThatIsStuck_KeepsNoContinuationAndLosesItsPlace()
    {
        await using var server = await ServerFixture.StartAsync(options => options with { MaxContinuations = 1, SendTime = TimeSpan.FromSeconds(5) });
        using var socket = await SendAsync(server, """{"model":"m","prompt":"much"}""");
        using var lines = new StreamReader(socket.GetStream());
        Assert.Equal("HTTP/1.1 200 OK", await lines.ReadLineAsync(Cancellation));
        await server.AnswerAsync("/v1/completions", """{"model":"m","prompt":"a"}""");
    }

    [Fact]
    public async Task Reader_OfAWholeAnswerThatIsStuck_LosesItsConnection()
    {
        await using var server = await ServerFixture.StartAsync(options => options with { MaxRequests = 1, SendTime = TimeSpan.FromMilliseconds(100) });
        using var socket = await SendAsync(server, """{"model":"m","prompt":"much"}""");
        Assert.Equal('H', (char)(await ReadByteAsync(socket)));
        // Its place is free as soon as it was given up.
        await AnsweredWhenFreeAsync(server);
    }

    [Fact]
    public async Task Connection_ThatSaysNothing_IsClosed()
    {
        await using var server = await ServerFixture.StartAsync(options => options with { IdleTime = TimeSpan.FromMilliseconds(100) });
        using var socket = new TcpClient();
        await socket.ConnectAsync(IPAddress.Loopback, server.Client.BaseAddress!.Port, Cancellation);
        Assert.Equal(-1, await ReadByteAsync(socket));
    }

    [Fact]
    public void Connections_OfOneAddress_AreLimitedAndThoseOfThisMachineAreNot()
    {
        var limit = new ConnectionLimit(2);
        var (one, other) = (IPAddress.Parse("192.0.2.1"), IPAddress.Parse("192.0.2.2"));
        Assert.True(limit.TryEnter(one) && limit.TryEnter(one.MapToIPv6()) && limit.TryEnter(other));
        Assert.False(limit.TryEnter(one));
        limit.Leave(one);
        Assert.True(limit.TryEnter(one));
        Assert.True(limit.TryEnter(IPAddress.Parse("2001:db8::1")) && limit.TryEnter(IPAddress.Parse("2001:db8::2")));
        Assert.False(limit.TryEnter(IPAddress.Parse("2001:db8::3")));
        Assert.All(Enumerable.Range(0, 9), _ => Assert.True(limit.TryEnter(IPAddress.Loopback) && limit.TryEnter(IPAddress.IPv6Loopback)));
    }

    [Fact]
    public async Task Answer_TooLargeToStandInMemory_IsRefusedUnlessStreamed()
    {
        await using var server = await ServerFixture.StartAsync();
        var error = await server.ErrorAsync("/v1/completions", """{"model":"m","prompt":"a","n":100,"max_tokens":1000000,"logprobs":20}""");
        Assert.Equal((400, "max_tokens"), (error.Status, error.Field));
        Assert.Contains("Ask for less, or stream", error.Message, StringComparison.Ordinal);
        await server.PartsAsync("/v1/completions", """{"model":"m","prompt":"a","n":100,"max_tokens":1000000,"logprobs":20,"stream":true}""");
        await server.AnswerAsync("/v1/completions", """{"model":"m","prompt":"a","n":100,"max_tokens":1000000}""");
    }

    /// <summary>Asks until there is a place, and is answered.</summary>
    private static async Task AnsweredWhenFreeAsync(ServerFixture server)
    {
        HttpResponseMessage next;
        while ((next = await server.PostAsync("/v1/completions", """{"model":"m","prompt":"a"}""")).StatusCode == HttpStatusCode.TooManyRequests)
            next.Dispose();
        Assert.Equal(HttpStatusCode.OK, next.StatusCode);
        next.Dispose();
    }

    private static async Task<TcpClient> SendAsync(ServerFixture server, string body)
    {
        var socket = new TcpClient { ReceiveBufferSize = 4096 };
        await socket.ConnectAsync(IPAddress.Loopback, server.Client.BaseAddress!.Port, Cancellation);
        await socket.GetStream().WriteAsync(
            Encoding.ASCII.GetBytes($"POST /v1/completions HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: {body.Length}\r\n\r\n{body}"), Cancellation);
        return socket;
    }

    /// <returns>-1 at the end.</returns>
    private static async Task<int> ReadByteAsync(TcpClient socket)
    {
        var one = new byte[1];
        return await socket.GetStream().ReadAsync(one, Cancellation) == 0 ? -1 : one[0];
    }

    [Fact]
    public async Task Body_ThatNeverArrives_IsGivenUp()
    {
        await using var server = await ServerFixture.StartAsync(options => options with { BodyTime = TimeSpan.FromMilliseconds(100), MaxRequests = 1 });
        using var socket = new TcpClient();
        await socket.ConnectAsync(IPAddress.Loopback, server.Client.BaseAddress!.Port, Cancellation);
        var stream = socket.GetStream();
        await stream.WriteAsync(Encoding.ASCII.GetBytes("POST /v1/completions HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{"), Cancellation);
        using var lines = new StreamReader(stream);
        Assert.Equal("HTTP/1.1 408 Request Timeout", await lines.ReadLineAsync(Cancellation));
    }
}
