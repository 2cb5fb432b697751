using KeySets.Api.Controllers;
using KeySets.Api.Diagnostics;
using KeySets.Api.Hosting;
using KeySets.Api.Hosting.Access;
using KeySets.Api.Hosting.Development;
using KeySets.Api.Hosting.Server;
using KeySets.Api.OData.Batch;
using KeySets.Api.OData.Repeatability;
using KeySets.Api.OData.Requests;
using KeySets.Api.Refusals;
using Microsoft.AspNetCore.OData;

return await KeySetsService.RunAsync(args, PerHttpRequest, PerHttpRequestAndBatchPart);

// Runs once per HTTP request.
static void PerHttpRequest(WebApplication app)
{
    app.UseRequestIds();        // first, so that every answer and every log line has the ids
    app.UseErrors();            // around all the rest, so that every failure is answered in the one error shape
    app.UseHostFiltering();     // before anything believes the host: refuses names that AllowedHosts does not list
    app.UseForwardedHeaders();  // before anything reads the scheme, host or prefix, which links are built from
    app.UseODataRoots();        // takes /beta off the path; a part of a batch inherits the root of its batch
    app.UseCrossOrigins();      // before routing and tokens: a preflight has neither; a batch answers for its parts
}

// Runs once per HTTP request, and again per part of a batch.
static void PerHttpRequestAndBatchPart(WebApplication app)
{
    app.UseBatchParts(part => part.UseRequestIds().UseErrors()); // parts enter here, with ids and errors of their own
    app.UseODataHeaders();      // before anything reads Accept, Prefer or OData-Version
    app.UseUsableHosts();       // before anything builds a link: refuses a scheme or host that no URL can have
    app.UseDevelopment();       // before routing, in Development alone: redirects browsers to the page and guards it
    app.UsePlainRequests();     // before all that only other requests need: the most frequent ones skip it
    app.UseRememberedTokens();  // before authentication: runs those that need no token, or a remembered one
    app.UseODataQueryRequest(); // before routing: POST …/$query becomes the GET that it stands for
    app.UseODataAddresses();    // before routing: the many URLs of a resource become the one that has a route
    app.UseRouting();           // before authorization: finds the action, and with it the permission that is needed
    app.UseAuthentication();    // before authorization: finds out who sends the request
    app.UseAuthorization();     // before the checks: without the permission a client learns nothing but 401 or 403
    app.UseRepeatability();     // after authorization: the answer of a repeated request is its caller's alone
    app.UseODataChecks();       // before the action: the service refuses a request before it stores anything
    app.MapKeySets();           // the actions
}
