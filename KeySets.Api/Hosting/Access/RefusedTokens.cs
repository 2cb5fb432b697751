using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.IdentityModel.Tokens;

namespace KeySets.Api.Hosting.Access;

/// <summary>
/// Tells a client why its token is refused (RFC 6750 section 3), in fixed words. JwtBearer would quote the token, which
/// can hold anything that its issuer was made to sign: line breaks, quotes, letters that no header can have.
/// </summary>
internal static partial class RefusedTokens
{
    /// <summary>Replaces the description of every refused token.</summary>
    public static void Describe(JwtBearerOptions options)
    {
        options.Events ??= new JwtBearerEvents();
        Func<JwtBearerChallengeContext, Task> challenge = options.Events.OnChallenge;
        options.Events.OnChallenge = context =>
        {
            if (context.AuthenticateFailure is { } failure)
            {
                context.Error = "invalid_token";
                context.ErrorDescription = DescriptionOf(failure);
                context.ErrorUri = null;
                ILoggerFactory loggers = context.HttpContext.RequestServices.GetRequiredService<ILoggerFactory>();
                LogRefused(loggers.CreateLogger(typeof(RefusedTokens)), context.ErrorDescription);
            }

            return challenge(context);
        };
    }

    private static string DescriptionOf(Exception failure) => failure switch
    {
        // Of several failures, the first is that of the issuer's keys.
        AggregateException { InnerExceptions: [Exception first, ..] } => DescriptionOf(first),
        SecurityTokenInvalidAudienceException => "The token is for another audience",
        SecurityTokenInvalidIssuerException => "The token is of another issuer",
        SecurityTokenNoExpirationException => "The token never expires",
        SecurityTokenExpiredException => "The token has expired",
        SecurityTokenNotYetValidException => "The token is not valid yet",
        SecurityTokenInvalidLifetimeException => "The token expires before it is valid",
        SecurityTokenSignatureKeyNotFoundException => "The issuer has no key that signed the token",
        SecurityTokenInvalidSignatureException or SecurityTokenInvalidAlgorithmException =>
            "The signature of the token is invalid",
        _ => "The token cannot be read",
    };

    [LoggerMessage(LogLevel.Information, "A token was refused. {Reason}")]
    private static partial void LogRefused(ILogger logger, string reason);
}
