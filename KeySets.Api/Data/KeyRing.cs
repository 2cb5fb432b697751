using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.AspNetCore.DataProtection.Repositories;
using Microsoft.Extensions.Options;

namespace KeySets.Api.Data;

/// <summary>
/// The key ring as it is stored. Data Protection goes on with the one that it has in memory when that is lost, and seals what nobody can
/// open after a restart.
/// </summary>
public sealed class KeyRing(IOptions<KeyManagementOptions> options)
{
    // Sealed bytes begin with 09 F0 C9 F0 and the id of the key (ASP.NET Core, "Authenticated encryption details in Data Protection").
    private static readonly Range KeyId = 4..20;

    /// <summary>Whether the key that has sealed some bytes is stored.</summary>
    public bool Holds(ReadOnlySpan<byte> sealedBytes) => options.Value.XmlRepository is not FileSystemXmlRepository ring
        || File.Exists(Path.Combine(ring.Directory.FullName, $"key-{new Guid(sealedBytes[KeyId])}.xml"));
}
