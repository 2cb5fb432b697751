using KeySets.Api;
using KeySets.Api.Diagnostics;
using KeySets.Api.Hosting;
using KeySets.Api.Hosting.Development;
using KeySets.Api.OData.Batch;
using KeySets.Api.OData.Requests;
using KeySets.Api.Refusals;
using Microsoft.AspNetCore.OData;

try
{
    WebApplication app = WebApplication.CreateBuilder(args).AddKeySets().Build();

    // Per HTTP request
    app.UseRequestIds();        // first: every answer and every log line has the ids
    app.UseErrors();            // around all the rest: every failure is answered in the one error shape
    app.UseForwardedHeaders();  // before links are built from the scheme, host and prefix that the client used
    app.UseODataRoots();        // takes /beta off the path once: the parts of a batch inherit it from the batch

    // Per HTTP request, and again per part of a batch
    app.UseBatchParts(part => part.UseRequestIds().UseErrors()); // parts enter here, with ids and errors of their own
    app.UseODataHeaders();      // before anything reads Accept, Prefer or OData-Version
    app.UseDevelopment();       // before routing, in Development alone: redirects browsers to the page, hides it from strangers
    app.UseODataQueryRequest(); // before routing: POST …/$query becomes the GET that it stands for
    app.UseODataAddresses();    // before routing: the many URLs of a resource become the one that is routed
    app.UseRouting();           // finds the action, and the permission that it needs
    app.UseAuthentication();    // after routing, since /oauth2/token and anonymous endpoints … 
    app.UseAuthorization();     // before the checks: without a permission a client learns nothing but 401 or 403
    app.UseODataChecks();       // before the action: whatever can be refused is refused before anything is stored
    app.MapKeySets();           // the actions

    await app.PrepareKeySetsAsync();
    await app.RunAsync();
    return 0;
}
catch (Exception exception) when (StartupException.IsReason(exception))
{
    await Console.Error.WriteLineAsync($"KeySets cannot start. {exception.Message}");
    return 1;
}
