using System.Net;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;

namespace GenPrm.Trainer.Serving;

/// <summary>Who may ask.</summary>
/// <remarks>With a token, whoever has it. Without one the server listens on the loopback address alone, and web pages are kept out too: a page
/// whose name was made to mean 127.0.0.1 sends its own name as <c>Host</c>, and the content type that requests must have is one that no page
/// may send elsewhere unasked.</remarks>
internal sealed class AccessRules(ServingOptions options)
{
    private const string Scheme = "Bearer ";

    private readonly byte[]? expected = options.Token is { } token ? Digest(token) : null;

    /// <exception cref="ApiException">401 or 403.</exception>
    public void Check(HttpRequest request)
    {
        if (expected is not null)
            RequireToken(request);
        else
            RequireLocalName(request);
    }

    private void RequireToken(HttpRequest request)
    {
        var header = request.Headers.Authorization;
        // Both sides as digests: of one length, so that the time tells neither where they differ nor how long the token is.
        var given = header.Count == 1 && header[0]!.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase) ? header[0]![Scheme.Length..].Trim(' ') : "";
        if (!CryptographicOperations.FixedTimeEquals(Digest(given), expected))
        {
            throw new ApiException(
                401,
                header.Count == 0
                    ? "This server wants a token. Send the header `Authorization: Bearer TOKEN` (an OpenAI client's `apiKey`)."
                    : "The token in the header `Authorization: Bearer TOKEN` is not this server's.",
                code: "invalid_api_key");
        }
    }

    private void RequireLocalName(HttpRequest request)
    {
        var host = request.Host.Host;
        if (host.Equals("localhost", StringComparison.OrdinalIgnoreCase) || (IPAddress.TryParse(host, out var address) && (IPAddress.IsLoopback(address) || address.Equals(options.Address))))
            return;
        throw new ApiException(403, "The header `Host` does not name this machine as localhost, 127.0.0.1 or [::1]. Use one of these names, or start the server with a token.", code: "host_not_allowed");
    }

    private static byte[] Digest(string text) => SHA256.HashData(Encoding.UTF8.GetBytes(text));
}
