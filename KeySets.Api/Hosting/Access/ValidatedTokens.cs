using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.Extensions.Caching.Memory;
using Microsoft.Extensions.Options;

namespace KeySets.Api.Hosting.Access;

/// <summary>
/// The tokens that were found valid, by the hash of the header that they came in: clients send the same token with
/// every request, and to verify its signature takes as long as to read a key set.
/// </summary>
/// <param name="options">The options of the scheme of bearer tokens.</param>
/// <param name="time">The clock.</param>
/// <remarks>
/// A token is remembered for <see cref="Longest"/>, not beyond its <c>exp</c>, and not beyond the keys of the issuer
/// that it was validated with. Each token that is validated anew makes the service read those keys anew, at most once
/// in <see cref="Longest"/>. So a key that the issuer takes away is good for no longer than that.
/// </remarks>
public sealed class ValidatedTokens(IOptionsMonitor<JwtBearerOptions> options, TimeProvider time) : IDisposable
{
    /// <summary>How long a token is remembered, and the least time between two reads of the issuer's keys.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromMinutes(1);

    // Some thousands of tokens. What is remembered of them takes about ten times as many bytes.
    private const int MostCharacters = 8 * 1024 * 1024;
    private const int HashCharacters = 44;

    private readonly MemoryCache _tokens = new(new MemoryCacheOptions { SizeLimit = MostCharacters });

    /// <summary>What the token of a request was found to be; null if it is not remembered.</summary>
    public async ValueTask<AuthenticationTicket?> FindAsync(HttpRequest request) =>
        request.Headers.Authorization is [{ } header]
        && Find(header) is { } known
        && time.GetUtcNow() < known.Until
        && known.Keys == await GetKeysAsync()
            ? known.Ticket
            : null;

    /// <summary>Validates the token of a request, and remembers it if it is valid.</summary>
    /// <param name="request">The request.</param>
    /// <param name="validate">Validates the token.</param>
    public async Task<AuthenticateResult> ValidateAsync(HttpRequest request, Func<Task<AuthenticateResult>> validate)
    {
        if (request.Headers.Authorization is not [{ Length: > 0 } header])
        {
            // There is nothing to validate, and so nothing to ask the issuer for, who may not answer.
            return await validate();
        }

        // Before, so that keys that change meanwhile never count as those that the token was validated with.
        object? keys = await GetKeysAsync();
        AuthenticateResult result = await validate();
        if (result.Succeeded && keys is not null)
        {
            Options.ConfigurationManager?.RequestRefresh();
            Remember(header, new ValidToken(result.Ticket, keys, Until(result.Ticket.Properties.ExpiresUtc)));
        }

        return result;
    }

    /// <inheritdoc />
    public void Dispose() => _tokens.Dispose();

    private JwtBearerOptions Options => options.Get(JwtBearerDefaults.AuthenticationScheme);

    /// <returns>
    /// The configuration of the issuer, or the options with keys of their own: another one if the keys have changed.
    /// Null if the issuer cannot be reached: until it can be, no token is valid.
    /// </returns>
    private async ValueTask<object?> GetKeysAsync()
    {
        JwtBearerOptions current = Options;
        try
        {
            return current.ConfigurationManager is { } issuer
                ? await issuer.GetConfigurationAsync(CancellationToken.None)
                : current;
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }

    private ValidToken? Find(string header)
    {
        Span<char> hash = stackalloc char[HashCharacters];
        Hash(header, hash);
        return _tokens.TryGetValue(hash, out ValidToken? known) ? known : null;
    }

    private void Remember(string header, ValidToken known)
    {
        Span<char> hash = stackalloc char[HashCharacters];
        Hash(header, hash);
        using ICacheEntry entry = _tokens.CreateEntry(new string(hash));
        entry.Value = known;
        entry.Size = header.Length;
        entry.AbsoluteExpirationRelativeToNow = Longest;
    }

    private DateTimeOffset Until(DateTimeOffset? expires)
    {
        DateTimeOffset latest = time.GetUtcNow() + Longest;
        return expires < latest ? expires.Value : latest;
    }

    private static void Hash(string header, Span<char> hash)
    {
        Span<byte> bytes = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(MemoryMarshal.AsBytes(header.AsSpan()), bytes);
        Convert.TryToBase64Chars(bytes, hash, out _);
    }

    private sealed record ValidToken(AuthenticationTicket Ticket, object Keys, DateTimeOffset Until);
}
