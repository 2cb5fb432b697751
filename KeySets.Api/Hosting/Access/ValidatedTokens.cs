using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Microsoft.Extensions.Caching.Memory;
using Microsoft.IdentityModel.Tokens;

namespace KeySets.Api.Hosting.Access;

/// <summary>
/// Validates tokens, and remembers valid ones by their hash: clients send the same token with every request, and to
/// verify its signature takes as long as to read a key set.
/// </summary>
/// <param name="handler">Validates a token that is not remembered.</param>
/// <param name="tokens">The valid tokens.</param>
/// <param name="time">The clock.</param>
/// <remarks>
/// A token is remembered for <see cref="Longest"/>, not beyond its <c>exp</c>, and not beyond the keys of the issuer
/// that it was validated with. Each token that is validated anew makes the service read those keys anew, at most once
/// in <see cref="Longest"/>. So a key that the issuer takes away is good for no longer than that.
/// </remarks>
public sealed class ValidatedTokens(TokenHandler handler, MemoryCache tokens, TimeProvider time) : TokenHandler
{
    /// <summary>How long a token is remembered, and the least time between two reads of the issuer's keys.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromMinutes(1);

    // The tokens that are remembered take about ten times as many bytes.
    private const int MostCharacters = 8 * 1024 * 1024;
    private const int HashCharacters = 44;

    /// <summary>Creates a store of valid tokens with room for some thousands of them.</summary>
    public static MemoryCache CreateCache() => new(new MemoryCacheOptions { SizeLimit = MostCharacters });

    /// <inheritdoc />
    public override int MaximumTokenSizeInBytes => handler.MaximumTokenSizeInBytes;

    /// <inheritdoc />
    public override SecurityToken ReadToken(string token) => handler.ReadToken(token);

    /// <inheritdoc />
    public override Task<TokenValidationResult> ValidateTokenAsync(
        SecurityToken token, TokenValidationParameters validationParameters) =>
        handler.ValidateTokenAsync(token, validationParameters);

    /// <inheritdoc />
    public override async Task<TokenValidationResult> ValidateTokenAsync(
        string token, TokenValidationParameters validationParameters)
    {
        BaseConfiguration? issuer = validationParameters.ConfigurationManager is { } manager
            ? await manager.GetBaseConfigurationAsync(CancellationToken.None)
            : null;
        if (Find(token) is { } known && known.Issuer == issuer && time.GetUtcNow() < known.Until)
        {
            return known.Result;
        }

        TokenValidationResult result = await handler.ValidateTokenAsync(token, validationParameters);
        if (result.IsValid)
        {
            Remember(token, new ValidToken(result, issuer, Until(result.SecurityToken)));
            validationParameters.ConfigurationManager?.RequestRefresh();
        }

        return result;
    }

    private ValidToken? Find(string token)
    {
        Span<char> hash = stackalloc char[HashCharacters];
        Hash(token, hash);
        return tokens.TryGetValue(hash, out ValidToken? known) ? known : null;
    }

    private void Remember(string token, ValidToken known)
    {
        Span<char> hash = stackalloc char[HashCharacters];
        Hash(token, hash);
        using ICacheEntry entry = tokens.CreateEntry(new string(hash));
        entry.Value = known;
        entry.Size = token.Length;
        entry.AbsoluteExpirationRelativeToNow = Longest;
    }

    private DateTimeOffset Until(SecurityToken token)
    {
        DateTimeOffset latest = time.GetUtcNow() + Longest;
        return token.ValidTo < latest ? token.ValidTo : latest;
    }

    private static void Hash(string token, Span<char> hash)
    {
        Span<byte> bytes = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(MemoryMarshal.AsBytes(token.AsSpan()), bytes);
        Convert.TryToBase64Chars(bytes, hash, out _);
    }

    private sealed record ValidToken(TokenValidationResult Result, BaseConfiguration? Issuer, DateTimeOffset Until);
}
