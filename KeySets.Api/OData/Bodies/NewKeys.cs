using System.Security.Claims;
using KeySets.Api.Capacity;
using KeySets.Api.Diagnostics;
using KeySets.Api.Keys;
using KeySets.Api.Refusals;
using KeySets.Model;

namespace KeySets.Api.OData.Bodies;

/// <summary>
/// Makes the keys of actions from their bodies. That can take a second or more of a processor. So it never happens
/// while the writer is held nor on a thread of the pool, each caller has at most half of the processors for it, and all
/// of them together have as many as there are.
/// </summary>
public sealed class NewKeys(Instruments instruments) : IAsyncDisposable
{
    private readonly CallerSeats _seats = new(Refusal.TooManyRequests, Refusal.TooManyKeys);

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

    /// <summary>The action that makes or imports a key, and that a path addresses; null if it addresses none.</summary>
    public static string? ActionOf(PathString path) => KeySetOperations.Parameters.Keys.FirstOrDefault(action =>
        action.Equals(path.Value!.TrimEnd('/').Split('/', '.')[^1], StringComparison.OrdinalIgnoreCase));

    /// <summary>Sees to it that no key is made for a request of a change set after the change set has begun.</summary>
    public static void PrepareNone(HttpRequest request) =>
        request.HttpContext.Items[typeof(NewKeys)] = new PreparedKey(Action: null, Key: null);

    /// <summary>Makes the key of a request.</summary>
    /// <param name="request">The request.</param>
    /// <param name="action">One of <see cref="KeySetOperations"/>.</param>
    /// <exception cref="RefusalException">
    /// 400: the body is no body of this action, its key is refused, or the request is of a change set that could not
    /// tell that it makes a key; 415, 413: the body cannot be read; 429, 503: too many keys of the caller, or of
    /// all, wait.
    /// </exception>
    public Task<TrustFrameworkKey> MakeAsync(HttpRequest request, string action) =>
        request.HttpContext.Items[typeof(NewKeys)] is PreparedKey prepared
        ? prepared.Action == action ? prepared.Key! : throw Refusal.UnforeseenOperation()
        : MakeNowAsync(request, action, request.HttpContext.User);

    /// <inheritdoc />
    public ValueTask DisposeAsync() => _seats.DisposeAsync();

    private async Task<TrustFrameworkKey> MakeNowAsync(HttpRequest request, string action, ClaimsPrincipal caller)
    {
        ActionParameters parameters = await JsonBody.ReadAsync(request, ActionParameters.Of(action));
        TrustFrameworkKey key = action is KeySetOperations.GenerateKey or KeySetOperations.UploadPkcs12
            ? await MakeInSeatAsync(action, parameters, caller, request.HttpContext.RequestAborted)
            : Make(action, parameters);
        KeySetRules.Admit(key);
        return key;
    }

    private async Task<TrustFrameworkKey> MakeInSeatAsync(
        string action, ActionParameters parameters, ClaimsPrincipal caller, CancellationToken requestAborted)
    {
        using IDisposable seat = await _seats.TakeAsync(caller, requestAborted);
        return await OwnThread.RunAsync(() => Task.FromResult(Make(action, parameters)), givesWay: false);
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

    private sealed record PreparedKey(string? Action, Task<TrustFrameworkKey>? Key);
}
