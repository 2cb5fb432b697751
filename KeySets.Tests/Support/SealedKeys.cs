using System.Buffers.Text;
using System.Security.Cryptography;
using KeySets.Api.Data.PostgreSql;
using KeySets.Api.Data.Sealing;
using KeySets.Model;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace KeySets.Tests.Support;

/// <summary>Private members as the database stores them. Reading them takes both the file and the key ring.</summary>
public static class SealedKeys
{
    /// <summary>Opens rows that are sealed with a key ring.</summary>
    public static PrivateMembersProtector Protector(string keyDirectory) =>
        Protector(ring => ring.PersistKeysToFileSystem(new DirectoryInfo(keyDirectory)));

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

    /// <summary>
    /// Reads the private members of a key in PostgreSQL, where the key ring is too; null if it has none.
    /// </summary>
    public static async Task<PrivateMembers?> OpenAsync(NpgsqlDataSource source, string id, string kid)
    {
        await using NpgsqlCommand command = source.CreateCommand(
            """SELECT "SealedMembers" FROM "Keys" WHERE "KeySetId" = $1 AND "Kid" = $2""");
        command.Parameters.AddWithValue(id);
        command.Parameters.AddWithValue(kid);
        PrivateMembersProtector protector = Protector(ring => ring.Services.Configure<KeyManagementOptions>(
            options => options.XmlRepository = new PostgreSqlKeyRing(source)));
        return await command.ExecuteScalarAsync() is byte[] row ? protector.Unseal(id, kid, row) : null;
    }

    /// <summary>Puts bytes in the place of the sealed private members of a stored key, below the API.</summary>
    public static async Task PutSealedMembersAsync(
        this KeySetsApplication application, string id, string kid, byte[]? bytes)
    {
        // A null has no type that PostgreSQL could take for a bytea.
        FormattableString statement =
            $"""
            UPDATE "Keys" SET "SealedMembers" = CASE WHEN {bytes is null} THEN NULL ELSE {bytes ?? []} END
                WHERE "KeySetId" = {id} AND "Kid" = {kid}
            """;
        Assert.That(
            await application.Rows.ReadAsync(context => context.Database.ExecuteSqlAsync(statement)), Is.EqualTo(1));
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

    private static PrivateMembersProtector Protector(Action<IDataProtectionBuilder> store)
    {
        ServiceCollection services = new();
        store(services.AddDataProtection().SetApplicationName("KeySets"));
        return services.AddSingleton<KeyRing>()
            .AddSingleton<PrivateMembersProtector>()
            .BuildServiceProvider()
            .GetRequiredService<PrivateMembersProtector>();
    }
}
