using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.Extensions.Options;

namespace KeySets.Api.Hosting.Access;

/// <summary>Authenticates requests by bearer tokens, as JwtBearer does, but validates a token once a minute.</summary>
/// <param name="options">The options of the scheme.</param>
/// <param name="logger">Creates the log.</param>
/// <param name="encoder">Encodes URLs.</param>
/// <param name="tokens">The tokens that were found valid.</param>
public sealed class BearerTokenHandler(
    IOptionsMonitor<JwtBearerOptions> options, ILoggerFactory logger, UrlEncoder encoder, ValidatedTokens tokens)
    : JwtBearerHandler(options, logger, encoder)
{
    /// <inheritdoc />
    protected override async Task<AuthenticateResult> HandleAuthenticateAsync() =>
        await tokens.FindAsync(Request) is { } ticket
            ? AuthenticateResult.Success(ticket)
            : await tokens.ValidateAsync(Request, base.HandleAuthenticateAsync);
}
