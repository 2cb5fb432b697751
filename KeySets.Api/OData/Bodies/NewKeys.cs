using System.Security.Claims;
using System.Threading.RateLimiting;
using KeySets.Api.Diagnostics;
using KeySets.Api.Keys;
using KeySets.Api.Refusals;
using KeySets.Model;

namespace KeySets.Api.OData.Bodies;

/// <summary>
/// Makes the keys of actions from their bodies. That can take a second or more, so it never happens while the writer is
/// held, and each caller has at most half of the processors for it.
/// </summary>
public sealed class NewKeys(Instruments instruments) : IAsyncDisposable
{
    /// <summary>The most keys of one caller that wait for a processor.</summary>
    public const int MostWaiting = 100;

    // Less than clients wait for an answer.
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    // One claim that tells callers apart: a user, or a client that acts for itself.
    private static readonly string[] CallerClaims = ["sub", "oid", "azp", "appid", "client_id"];

    private readonly PartitionedRateLimiter<string> _turns = PartitionedRateLimiter.Create<string, string>(caller =>
        RateLimitPartition.GetConcurrencyLimiter(caller, _ => new ConcurrencyLimiterOptions
        {
            PermitLimit = Math.Max(1, Environment.ProcessorCount / 2),
            QueueLimit = MostWaiting,
            QueueProcessingOrder = QueueProcessingOrder.OldestFirst,
        }));

    /// <summary>Makes the key of a request of a change set, before the change set begins.</summary>
    /// <param name="request">The request. <see cref="MakeAsync"/> returns its key, or throws its refusal.</param>
    /// <param name="action">One of <see cref="KeySetOperations"/>.</param>
    /// <param name="caller">Who sends it.</param>
    public async Task PrepareAsync(HttpRequest request, string action, ClaimsPrincipal caller)
    {
        Task<TrustFrameworkKey> key = MakeNowAsync(request, action, caller);
        await ((Task)key).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        request.HttpContext.Items[typeof(NewKeys)] = new PreparedKey(action, key);
    }

    /// <summary>Sees to it that no key is made for a request of a change set after the change set has begun.</summary>
    public static void PrepareNone(HttpRequest request) =>
        request.HttpContext.Items[typeof(NewKeys)] = new PreparedKey(Action: null, Key: null);

    /// <summary>Makes the key of a request.</summary>
    /// <param name="request">The request.</param>
    /// <param name="action">One of <see cref="KeySetOperations"/>.</param>
    /// <exception cref="RefusalException">
    /// 400: the body is no body of this action, its key is refused, or the request is of a change set that could not
    /// tell that it makes a key; 415, 413: the body cannot be read; 429: too many keys of the caller wait.
    /// </exception>
    public Task<TrustFrameworkKey> MakeAsync(HttpRequest request, string action) =>
        request.HttpContext.Items[typeof(NewKeys)] is PreparedKey prepared
        ? prepared.Action == action ? prepared.Key! : throw Refusal.UnforeseenOperation()
        : MakeNowAsync(request, action, request.HttpContext.User);

    /// <inheritdoc />
    public ValueTask DisposeAsync() => _turns.DisposeAsync();

    private async Task<TrustFrameworkKey> MakeNowAsync(HttpRequest request, string action, ClaimsPrincipal caller)
    {
        ActionParameters parameters = await JsonBody.ReadAsync(request, ActionParameters.Of(action));
        bool isSlow = action is KeySetOperations.GenerateKey or KeySetOperations.UploadPkcs12;
        using RateLimitLease? turn = isSlow ? await TakeTurnAsync(caller, request.HttpContext.RequestAborted) : null;
        TrustFrameworkKey key = Make(action, parameters);
        KeySetRules.Admit(key);
        return key;
    }

    private async Task<RateLimitLease> TakeTurnAsync(ClaimsPrincipal caller, CancellationToken requestAborted)
    {
        using CancellationTokenSource patience = CancellationTokenSource.CreateLinkedTokenSource(requestAborted);
        patience.CancelAfter(Patience);
        try
        {
            RateLimitLease turn = await _turns.AcquireAsync(NameOf(caller), cancellationToken: patience.Token);
            return turn.IsAcquired ? turn : throw Refusal.TooManyRequests();
        }
        catch (OperationCanceledException) when (!requestAborted.IsCancellationRequested)
        {
            throw Refusal.TooManyRequests();
        }
    }

    private TrustFrameworkKey Make(string action, ActionParameters parameters) => action switch
    {
        KeySetOperations.GenerateKey => WithUse(parameters, () =>
            instruments.GenerateKey(() => KeyGenerator.Generate(parameters.Text(KeySetOperations.Kty)))),
        KeySetOperations.UploadSecret => WithUse(parameters, () =>
            KeyGenerator.FromText(parameters.Text(KeySetOperations.K))),
        KeySetOperations.UploadCertificate => CertificateImport.FromCertificate(parameters.Text(KeySetOperations.Key)),
        _ => instruments.ImportKey(() => Pkcs12Import.FromFile(
            parameters.Text(KeySetOperations.Key), parameters.OptionalText(KeySetOperations.Password))),
    };

    private static TrustFrameworkKey WithUse(ActionParameters parameters, Func<TrustFrameworkKey> make)
    {
        string use = parameters.Text(KeySetOperations.Use);
        long? nbf = parameters.OptionalNumber(KeySetOperations.Nbf);
        long? exp = parameters.OptionalNumber(KeySetOperations.Exp);
        KeyRules.CheckNew(use, nbf, exp);
        TrustFrameworkKey key = make();
        (key.Use, key.Nbf, key.Exp) = (use, nbf, exp);
        return key;
    }

    private static string NameOf(ClaimsPrincipal caller) =>
        CallerClaims.Select(caller.FindFirstValue).FirstOrDefault(value => value is not null) ?? "";

    private sealed record PreparedKey(string? Action, Task<TrustFrameworkKey>? Key);
}
