using System.Buffers.Text;
using System.Security.Cryptography;
using KeySets.Api.Data.Sealing;
using KeySets.Model;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;

namespace KeySets.Tests.Support;

/// <summary>Private members as the database stores them. Reading them takes both the file and the key ring.</summary>
public static class SealedKeys
{
    /// <summary>Opens rows that are sealed with a key ring.</summary>
    public static PrivateMembersProtector Protector(string keyDirectory)
    {
        ServiceCollection services = new();
        services.AddDataProtection()
            .SetApplicationName("KeySets")
            .PersistKeysToFileSystem(new DirectoryInfo(keyDirectory));
        return services.AddSingleton<KeyRing>()
            .AddSingleton<PrivateMembersProtector>()
            .BuildServiceProvider()
            .GetRequiredService<PrivateMembersProtector>();
    }

    /// <summary>Reads the private members of a key; null if it has none.</summary>
    public static async Task<PrivateMembers?> OpenAsync(
        string databaseFile, PrivateMembersProtector protector, string id, string kid)
    {
        await using SqliteConnection connection = new($"Data Source={databaseFile};Pooling=False");
        await connection.OpenAsync();
        await using SqliteCommand command = connection.CreateCommand();
        command.CommandText = "SELECT SealedMembers FROM Keys WHERE KeySetId = $id AND Kid = $kid";
        command.Parameters.AddWithValue("$id", id);
        command.Parameters.AddWithValue("$kid", kid);
        return await command.ExecuteScalarAsync() is byte[] row ? protector.Unseal(id, kid, row) : null;
    }

    /// <summary>The RSA key with this public part and these private members.</summary>
    public static RSA Rsa(string n, string e, PrivateMembers members) => RSA.Create(new RSAParameters
    {
        Modulus = Base64Url.DecodeFromChars(n),
        Exponent = Base64Url.DecodeFromChars(e),
        D = Base64Url.DecodeFromChars(members.D),
        P = Base64Url.DecodeFromChars(members.P),
        Q = Base64Url.DecodeFromChars(members.Q),
        DP = Base64Url.DecodeFromChars(members.Dp),
        DQ = Base64Url.DecodeFromChars(members.Dq),
        InverseQ = Base64Url.DecodeFromChars(members.Qi),
    });
}
