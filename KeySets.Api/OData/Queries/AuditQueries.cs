using System.Linq.Expressions;
using KeySets.Api.Data.Reading;
using KeySets.Api.OData.Requests;
using KeySets.Api.Refusals;
using KeySets.Model;
using Microsoft.AspNetCore.OData.Extensions;

namespace KeySets.Api.OData.Queries;

/// <summary>Reads the audit events that a request asks for.</summary>
public sealed class AuditQueries(QueryReads reads)
{
    /// <summary>Reads a page of events, the newest first unless the request says otherwise.</summary>
    /// <param name="request">The request.</param>
    /// <param name="maxPageSize">The most events that the client wants on a page; null if it has no preference.</param>
    /// <exception cref="RefusalException">400, 501: a bad or unsupported query option.</exception>
    public async Task<Selected<PagedCollection<AuditEvent>>> ListAsync(HttpRequest request, int? maxPageSize)
    {
        QueryOptions options = QueryOptions.Read(
            request, KeySetsEdmModel.AuditEventType,
            SystemQueryOptions.Filter, SystemQueryOptions.OrderBy, SystemQueryOptions.Select, SystemQueryOptions.Top,
            SystemQueryOptions.Skip, SystemQueryOptions.Count, SystemQueryOptions.SkipToken);
        AuditQuery query = QueryOf(request, options, Math.Min(KeySetQueries.PageSize, maxPageSize ?? int.MaxValue));
        AuditPage page = await reads.RunAsync(
            request, options, (context, aborted) => context.ReadPageAsync(query, aborted));
        long? left = options.Top - page.Events.Count;
        PagedCollection<AuditEvent> events = new([.. page.Events])
        {
            TotalCount = options.Count ? await CountAsync(request, options, query.Filters) : null,
            NextLink = page.Last is null || left <= 0
                ? null
                : NextLinks.Of(request, SkipToken.Write(page.Last), left),
        };
        return new(events, options.SelectExpand);
    }

    /// <summary>Counts events.</summary>
    /// <exception cref="RefusalException">400, 501: a bad or unsupported query option.</exception>
    public Task<long> CountAsync(HttpRequest request)
    {
        QueryOptions options =
            QueryOptions.Read(request, KeySetsEdmModel.AuditEventType, SystemQueryOptions.Filter);
        return CountAsync(request, options, Filters(new QueryExpressions(request.GetModel()), options));
    }

    private Task<long> CountAsync(
        HttpRequest request, QueryOptions options, IReadOnlyList<Expression<Func<AuditEvent, bool>>> filters) =>
        reads.RunAsync(request, options, (context, aborted) => context.CountAsync(filters, aborted));

    private static AuditQuery QueryOf(HttpRequest request, QueryOptions options, int pageSize)
    {
        QueryExpressions expressions = new(request.GetModel());
        IReadOnlyList<Ordering<AuditEvent>> orderings = AuditReads.Complete(
            expressions.Orderings<AuditEvent>(options.OrderBy, SystemQueryOptions.OrderBy));
        return new AuditQuery
        {
            Filters = Filters(expressions, options),
            Orderings = orderings,
            After = SkipToken.Read(options.SkipToken, orderings),
            Skip = (int)Math.Min(options.Skip, int.MaxValue),
            Take = (int)Math.Min(options.Top ?? pageSize, pageSize),
        };
    }

    private static Expression<Func<AuditEvent, bool>>[] Filters(
        QueryExpressions expressions, QueryOptions options) =>
        expressions.Filter<AuditEvent>(options.Filter, SystemQueryOptions.Filter) is { } filter ? [filter] : [];
}
