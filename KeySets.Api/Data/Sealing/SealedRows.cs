using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Text.Json;

namespace KeySets.Api.Data.Sealing;

/// <summary>A key whose sealed private members do not open.</summary>
/// <param name="KeySetId">The id of its set.</param>
/// <param name="Kid">Its kid.</param>
public sealed record DamagedKey(string KeySetId, string Kid)
{
    /// <summary>The set and the key, for people.</summary>
    public override string ToString() => $"{KeySetId} {Kid}";
}

/// <summary>
/// Opens the sealed rows of a database once, and looks for columns that cannot be read. A row that was cut, altered or
/// moved costs its own key alone; a key ring that opens no row at all is not the ring of the database.
/// </summary>
public sealed partial class SealedRows(
    Database database, PrivateMembersProtector protector, ILogger<SealedRows> logger)
{
    private const int KeysOfPage = 500;

    /// <summary>The most damaged keys that are named. The others are counted.</summary>
    public const int MostNamed = 100;

    private readonly List<DamagedKey> _named = [];
    private long _damaged;
    private IReadOnlyList<DamagedColumn> _columns = [];

    /// <summary>The number of keys found so far whose private members do not open.</summary>
    public long Damaged => Interlocked.Read(ref _damaged);

    /// <summary>The first of them.</summary>
    public IReadOnlyList<DamagedKey> Named
    {
        get
        {
            lock (_named)
            {
                return [.. _named];
            }
        }
    }

    /// <summary>Whether no damage was found so far.</summary>
    public bool AreWhole => Damaged == 0 && Columns.Count == 0;

    /// <summary>The columns found that cannot be read.</summary>
    public IReadOnlyList<DamagedColumn> Columns => Volatile.Read(ref _columns);

    /// <summary>Finds a row that opens, so that a database is never used with another key ring than its own.</summary>
    /// <exception cref="CryptographicException">There are sealed rows, and the key ring opens none.</exception>
    public async Task VerifyAsync()
    {
        CryptographicException? first = null;
        await foreach (SealedKey key in KeysAsync(CancellationToken.None))
        {
            CryptographicException? failure = Failure(key);
            if (failure is null)
            {
                return;
            }

            first ??= failure;
        }

        if (first is not null)
        {
            throw first;
        }
    }

    /// <summary>
    /// Opens every row, and names the keys of those that do not open, and the columns that cannot be read.
    /// </summary>
    public async Task ScanAsync(CancellationToken cancellationToken)
    {
        await foreach (SealedKey key in KeysAsync(cancellationToken))
        {
            if (Failure(key) is not null)
            {
                Count(new DamagedKey(key.KeySetId, key.Kid));
            }
        }

        if (Damaged > 0)
        {
            LogSum(logger, Damaged);
        }

        Volatile.Write(ref _columns, await database.FindDamagedColumnsAsync(cancellationToken));
        foreach (DamagedColumn column in Columns.Take(MostNamed))
        {
            LogColumn(logger, column);
        }
    }

    private void Count(DamagedKey key)
    {
        lock (_named)
        {
            _damaged++;
            if (_named.Count < MostNamed)
            {
                _named.Add(key);
                LogDamaged(logger, key.KeySetId, key.Kid);
            }
        }
    }

    private CryptographicException? Failure(SealedKey key)
    {
        try
        {
            protector.Unseal(key.KeySetId, key.Kid, key.SealedMembers);
            return null;
        }
        catch (CryptographicException exception)
        {
            return exception;
        }
        catch (JsonException exception)
        {
            return new CryptographicException("What was sealed are no private members.", exception);
        }
    }

    /// <remarks>In pages, so that no read holds back the checkpoints of the database for long.</remarks>
    private async IAsyncEnumerable<SealedKey> KeysAsync(
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        IReadOnlyList<SealedKey> page = [];
        do
        {
            page = await database.ReadSealedAsync(page.Count == 0 ? null : page[^1], KeysOfPage);
            foreach (SealedKey key in page)
            {
                cancellationToken.ThrowIfCancellationRequested();
                yield return key;
            }
        }
        while (page.Count == KeysOfPage);
    }

    [LoggerMessage(
        LogLevel.Error,
        "The private members of a key do not open: set {KeySetId}, kid {Kid}. The row was altered, or moved from "
        + "another key. Its public part is served.")]
    private static partial void LogDamaged(ILogger logger, string keySetId, string kid);

    [LoggerMessage(LogLevel.Error, "The private members of {Count} keys do not open.")]
    private static partial void LogSum(ILogger logger, long count);

    [LoggerMessage(
        LogLevel.Error,
        "A value of the database cannot be read: {Column}. In its place, a set has the revision of zeros, and a key no "
        + "certificates or the status disabled.")]
    private static partial void LogColumn(ILogger logger, DamagedColumn column);
}
