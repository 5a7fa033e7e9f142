using System.Net;
using System.Net.Sockets;
using System.Text;

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
        HttpResponseMessage next;
        // The place is free as soon as the server has ended the request, a moment after the model has.
        while ((next = await server.PostAsync("/v1/completions", """{"model":"m","prompt":"a"}""")).StatusCode == HttpStatusCode.TooManyRequests)
            next.Dispose();
        Assert.Equal(HttpStatusCode.OK, next.StatusCode);
        next.Dispose();
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
