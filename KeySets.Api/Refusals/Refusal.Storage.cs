using System.Net;

namespace KeySets.Api.Refusals;

/// <content>Refusals while the database or the key ring cannot be used.</content>
public static partial class Refusal
{
    private const string UnavailableCode = "ServiceUnavailable";

    public static RefusalException StorageBusy(Exception? cause = null) =>
        Unavailable("The database is busy. Send the request again.", cause);

    public static RefusalException ChangedMeanwhile() => new(
        HttpStatusCode.ServiceUnavailable,
        UnavailableCode,
        "Another request has changed the key set meanwhile. Nothing was stored. Send the request again.")
    {
        IsOfRace = true,
    };

    public static RefusalException StorageUnreachable(Exception cause) =>
        Unavailable("The database cannot be reached. Nothing was stored. Send the request again.", cause);

    public static RefusalException UnclearWrite(Exception cause) => Unavailable(
        "The database was lost while it stored the change. Whether it is stored cannot be told: read before you send "
        + "it again.",
        cause);

    public static RefusalException QueryTooSlow(int seconds, Exception cause) => Overloaded(
        $"The query was ended after {seconds} s, the longest that a query may run here. Ask for less.", cause);

    public static RefusalException TooManySlowQueries() =>
        Overloaded("Too many slow queries wait. Send the request again.");

    public static RefusalException StorageFull(Exception cause) => new(
        HttpStatusCode.InsufficientStorage,
        "InsufficientStorage",
        "The database cannot grow: its disk is full. Nothing was stored.",
        cause: cause);

    public static RefusalException StorageLost(Exception? cause = null) =>
        Unavailable("The database was moved, replaced or damaged. Nothing was stored.", cause);

    public static RefusalException KeyRingLost() => Unavailable(
        "The key ring was moved, replaced or damaged: private members could not be opened again. Nothing was stored.");

    public static RefusalException NotReady(IEnumerable<string> checks) =>
        Unavailable($"The service is not ready: {string.Join(", ", checks)}.");

    private static RefusalException Overloaded(string message, Exception? cause = null) =>
        new(HttpStatusCode.ServiceUnavailable, UnavailableCode, message, cause: cause) { IsOfLoad = true };

    private static RefusalException Unavailable(string message, Exception? cause = null) =>
        new(HttpStatusCode.ServiceUnavailable, UnavailableCode, message, cause: cause);
}
