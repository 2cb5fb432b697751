using Microsoft.Net.Http.Headers;
using static Microsoft.AspNetCore.Http.StatusCodes;

namespace KeySets.Api.OpenApi;

/// <summary>An operation in the OpenAPI document.</summary>
/// <param name="Id">Its name in generated clients and in the file names of its examples.</param>
/// <param name="Method">GET, POST, PUT, PATCH or DELETE.</param>
/// <param name="Path">Its URL template.</param>
/// <param name="Summary">Its effect, in a few words.</param>
public sealed record ApiOperation(string Id, HttpMethod Method, string Path, string Summary)
{
    /// <summary>The heading that lists it.</summary>
    public string Tag { get; init; } = "";

    /// <summary>Further details.</summary>
    public string? Description { get; init; }

    /// <summary>The weakest permission that it accepts; null if it needs no token.</summary>
    public string? Permission { get; init; }

    /// <summary>The name of the schema of the request body; null if there is none.</summary>
    public string? Body { get; init; }

    /// <summary>The statuses of success.</summary>
    public IReadOnlyList<int> Statuses { get; init; } = [Status200OK];

    /// <summary>The name of the schema of the answer; null if it has no body.</summary>
    public string? Answer { get; init; }

    /// <summary>The media type of the answer.</summary>
    public string MediaType { get; init; } = "application/json";

    /// <summary>The names of the query options and headers that clients can send.</summary>
    public IReadOnlyList<string> Parameters { get; init; } = [];

    /// <summary>The statuses of its own errors: this list omits those that follow from the other properties.</summary>
    public IReadOnlyList<int> Errors { get; init; } = [];

    /// <summary>Whether it removes its resource, so that the answer has no ETag.</summary>
    public bool IsGone { get; init; }

    /// <summary>The parameter for the id in its URL.</summary>
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

    /// <summary>Every status from 400 up that it answers.</summary>
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
