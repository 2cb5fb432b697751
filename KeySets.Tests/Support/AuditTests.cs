using System.Text.Json.Nodes;

namespace KeySets.Tests.Support;

/// <summary>Tests that look at the audit events. Each test has its own set.</summary>
public abstract class AuditTests(KeySetsApplication? application = null) : OperationTests(application)
{
    /// <summary>The URL of the audit events.</summary>
    protected const string Events = "/trustFramework/auditEvents";

    /// <summary>A client that may read them, and nothing else.</summary>
    protected HttpClient Auditor =>
        Application.ClientWith(Application.Issuer.CreateToken(KeySetsApplication.ReadAudit));

    /// <summary>The events of a set in their order.</summary>
    protected async Task<JsonObject[]> EventsOfAsync(string id)
    {
        HttpResponseMessage answer = await Auditor.GetAsync(
            $"{Events}?$filter=keySetId eq '{id}'&$orderby=sequence");
        return [.. (await answer.JsonAsync())["value"]!.AsArray().Select(one => one!.AsObject())];
    }

    /// <summary>What happened to a set, in order.</summary>
    protected async Task<string[]> OperationsOfAsync(string id) =>
        [.. (await EventsOfAsync(id)).Select(one => (string)one["operation"]!)];
}
