using System.Data;
using System.Data.Common;
using System.Runtime.CompilerServices;
using System.Text;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore.Diagnostics;
using SQLitePCL;

namespace KeySets.Api.Data.Sqlite;

/// <summary>
/// Gives each connection <c>lower</c> and <c>upper</c> for all letters, as OData has them (URL Conventions section
/// 5.1.1.7). The functions that SQLite brings along know the letters A to Z only.
/// </summary>
/// <remarks>
/// A query may call them for each value of the database, and most values are ASCII: these stay bytes. The functions
/// that Microsoft.Data.Sqlite makes of delegates would turn each value into a string of .NET and back.
/// </remarks>
public sealed class UnicodeCase : DbConnectionInterceptor
{
    /// <summary>The function for lower case.</summary>
    public const string Lower = "lower";

    /// <summary>The function for upper case.</summary>
    public const string Upper = "upper";

    private const int LongestOnStack = 512;

    // A pool opens the same handle many times, and a new function would make SQLite prepare its statements again.
    private static readonly ConditionalWeakTable<sqlite3, object> Done = [];

    /// <inheritdoc />
    public override DbConnection ConnectionCreated(ConnectionCreatedEventData eventData, DbConnection result)
    {
        result.StateChange += (_, change) =>
        {
            if (change.CurrentState == ConnectionState.Open)
            {
                AddFunctions(((SqliteConnection)result).Handle!);
            }
        };
        return result;
    }

    private static void AddFunctions(sqlite3 handle)
    {
        if (Done.TryAdd(handle, Done))
        {
            Add(handle, Lower, (text, result) => Ascii.ToLower(text, result, out _), text => text.ToLowerInvariant());
            Add(handle, Upper, (text, result) => Ascii.ToUpper(text, result, out _), text => text.ToUpperInvariant());
        }
    }

    private static void Add(
        sqlite3 handle, string name, Action<ReadOnlySpan<byte>, Span<byte>> ofAscii, Func<string, string> ofText) =>
        SqliteException.ThrowExceptionForRC(
            raw.sqlite3_create_function(
                handle,
                name,
                nArg: 1,
                raw.SQLITE_UTF8 | raw.SQLITE_DETERMINISTIC,
                v: null,
                (context, _, arguments) => Run(context, arguments[0], ofAscii, ofText)),
            handle);

    private static void Run(
        sqlite3_context context,
        sqlite3_value value,
        Action<ReadOnlySpan<byte>, Span<byte>> ofAscii,
        Func<string, string> ofText)
    {
        ReadOnlySpan<byte> text = raw.sqlite3_value_blob(value);
        if (raw.sqlite3_value_type(value) == raw.SQLITE_NULL)
        {
            raw.sqlite3_result_null(context);
        }
        else if (text.IsEmpty)
        {
            // SQLite would take no bytes for null.
            raw.sqlite3_result_text(context, "");
        }
        else if (text.Length > LongestOnStack || !Ascii.IsValid(text))
        {
            raw.sqlite3_result_text(context, Encoding.UTF8.GetBytes(ofText(Encoding.UTF8.GetString(text))));
        }
        else
        {
            Span<byte> result = stackalloc byte[text.Length];
            ofAscii(text, result);
            raw.sqlite3_result_text(context, result);
        }
    }
}
