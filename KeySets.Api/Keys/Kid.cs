using System.Buffers.Text;
using System.Security.Cryptography;
using KeySets.Model;
using Microsoft.IdentityModel.Tokens;

namespace KeySets.Api.Keys;

/// <summary>The key id of a key that comes without one: 43 characters, the base64url of 32 bytes.</summary>
public static class Kid
{
    /// <summary>
    /// The thumbprint (RFC 7638, SHA-256) of an RSA key that has passed <see cref="KeyRules"/>; random for any other
    /// key, since the thumbprint of a secret would let anyone confirm a guess of the secret.
    /// </summary>
    public static string For(TrustFrameworkKey key) => Base64Url.EncodeToString(
        KeyRules.IsRsa(key)
            ? new JsonWebKey { Kty = JsonWebAlgorithmsKeyTypes.RSA, N = key.N, E = key.E }.ComputeJwkThumbprint()
            : RandomNumberGenerator.GetBytes(32));
}
