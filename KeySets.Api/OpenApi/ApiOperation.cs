using Microsoft.Net.Http.Headers;
using static Microsoft.AspNetCore.Http.StatusCodes;

namespace KeySets.Api.OpenApi;

/// <summary>An operation as the OpenAPI document has it.</summary>
/// <param name="Id">Its name in generated clients, and that of its example.</param>
/// <param name="Method">GET, POST, PUT, PATCH or DELETE.</param>
/// <param name="Path">Its URL template.</param>
/// <param name="Summary">What it does.</param>
public sealed record ApiOperation(string Id, HttpMethod Method, string Path, string Summary)
{
    /// <summary>What a reader finds it under.</summary>
    public string Tag { get; init; } = "";

    /// <summary>What there is to know besides.</summary>
    public string? Description { get; init; }

    /// <summary>The least permission that will do; null where it needs no token.</summary>
    public string? Permission { get; init; }

    /// <summary>The name of the schema of the body that is sent; null where there is none.</summary>
    public string? Body { get; init; }

    /// <summary>The statuses of success.</summary>
    public IReadOnlyList<int> Statuses { get; init; } = [Status200OK];

    /// <summary>The name of the schema of the answer; null where it has no body.</summary>
    public string? Answer { get; init; }

    /// <summary>The media type of the answer.</summary>
    public string MediaType { get; init; } = "application/json";

    /// <summary>The names of the query options and headers that can be sent.</summary>
    public IReadOnlyList<string> Parameters { get; init; } = [];

    /// <summary>The statuses of the errors that are its own: those that follow from the rest are not listed here.</summary>
    public IReadOnlyList<int> Errors { get; init; } = [];

    /// <summary>Whether what it is about is gone after it, so that no ETag is left to tell.</summary>
    public bool IsGone { get; init; }

    /// <summary>What stands for the id in its URL.</summary>
    public string IdParameter { get; init; } = ApiParameters.Id;

    /// <summary>The parameters in its URL.</summary>
    public IEnumerable<string> InPath =>
    [
        .. Path.Contains("{id}", StringComparison.Ordinal) ? [IdParameter] : Array.Empty<string>(),
        .. Path.Contains("{kid}", StringComparison.Ordinal) ? [ApiParameters.Kid] : Array.Empty<string>(),
    ];

    /// <summary>Every status below 400 that it answers.</summary>
    public IEnumerable<int> AllStatuses =>
    [
        .. Statuses,
        .. When(Status204NoContent, Parameters.Contains(ApiParameters.Return)),
        .. When(Status304NotModified, IsRead && Parameters.Contains(ApiParameters.IfNoneMatch)),
    ];

    /// <summary>Every status from 400 on that it answers.</summary>
    public IEnumerable<int> AllErrors => ((IEnumerable<int>)[
        .. Errors,
        .. When(Status400BadRequest, InPath.Any() || Parameters.Count > 0 || Body is not null),
        .. When(Status401Unauthorized, Permission is not null),
        .. When(Status403Forbidden, Permission is not null),
        .. When(Status404NotFound, InPath.Any()),
        .. When(Status406NotAcceptable, Permission is not null && (Answer is not null || Body is not null)),
        .. When(Status412PreconditionFailed, Parameters.Contains(ApiParameters.IfMatch)),
        .. When(Status413PayloadTooLarge, Body is not null),
        .. When(Status415UnsupportedMediaType, Body is not null),
        .. When(Status501NotImplemented, IsRead && Permission is not null),
        .. When(Status503ServiceUnavailable, Permission is not null),
        .. When(Status507InsufficientStorage, !IsRead),
    ]).Order();

    /// <summary>The headers that an answer below 400 has.</summary>
    public IEnumerable<string> HeadersOf(int status) =>
    [
        .. Named(HeaderNames.Location, Creates && status is not Status200OK),
        .. Named(HeaderNames.ETag, Creates || (!IsGone && Parameters.Any(ApiParameters.Conditions.Contains))),
    ];

    private bool Creates => Statuses.Contains(Status201Created);

    private bool IsRead => Method == HttpMethod.Get;

    private static string[] Named(string header, bool holds) => holds ? [header] : [];

    private static int[] When(int status, bool holds) => holds ? [status] : [];
}
