using KeySets.Api.Data;
using KeySets.Api.Keys;
using KeySets.Api.OData.Answers;
using KeySets.Api.OData.Bodies;
using KeySets.Api.OData.Queries;
using KeySets.Api.OData.Requests;
using KeySets.Model;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.OData.Routing.Controllers;
using Microsoft.OData.UriParser;

namespace KeySets.Api.Controllers;

/// <summary>
/// The operations of a key set. Actions add one key to the end of the set and answer 200 with its public part: private
/// members that the service makes or opens never leave it.
/// </summary>
public sealed class OperationsController(
    KeySetQueries queries, KeySetStore store, NewKeys newKeys, TimeProvider time) : ODataController
{
    private const string KeySet = "trustFramework/keySets({id})";

    /// <summary>
    /// <c>POST /trustFramework/keySets('{id}')/generateKey</c>: makes an RSA key of 2048 bits or an oct key of 256.
    /// </summary>
    /// <returns>200 with the public part of the key, and the ETag of the set.</returns>
    [HttpPost($"{KeySet}/{KeySetOperations.GenerateKey}")]
    [Authorize(Permissions.ReadWrite)]
    [TypeFilter<AcceptFilter>]
    public Task<IActionResult> GenerateKey(string id) => AddAsync(id, KeySetOperations.GenerateKey);

    /// <summary><c>POST /trustFramework/keySets('{id}')/uploadSecret</c>: adds a secret as an oct key.</summary>
    /// <returns>200 with the key without the secret.</returns>
    [HttpPost($"{KeySet}/{KeySetOperations.UploadSecret}")]
    [Authorize(Permissions.ReadWrite)]
    [TypeFilter<AcceptFilter>]
    public Task<IActionResult> UploadSecret(string id) => AddAsync(id, KeySetOperations.UploadSecret);

    /// <summary>
    /// <c>POST /trustFramework/keySets('{id}')/uploadCertificate</c>: adds the public RSA key of a certificate, or
    /// renews the certificate of a key that the set has.
    /// </summary>
    /// <returns>200 with the key.</returns>
    [HttpPost($"{KeySet}/{KeySetOperations.UploadCertificate}")]
    [Authorize(Permissions.ReadWrite)]
    [TypeFilter<AcceptFilter>]
    public Task<IActionResult> UploadCertificate(string id) =>
        AddOrRenewAsync(id, KeySetOperations.UploadCertificate);

    /// <summary>
    /// <c>POST /trustFramework/keySets('{id}')/uploadPkcs12</c>: adds the RSA key of a PKCS #12 file, or renews the
    /// certificate of a key that the set has, and adds the private part to it.
    /// </summary>
    /// <returns>200 with the public part of the key.</returns>
    [HttpPost($"{KeySet}/{KeySetOperations.UploadPkcs12}")]
    [Authorize(Permissions.ReadWrite)]
    [TypeFilter<AcceptFilter>]
    public Task<IActionResult> UploadPkcs12(string id) => AddOrRenewAsync(id, KeySetOperations.UploadPkcs12);

    /// <summary><c>GET /trustFramework/keySets('{id}')/getActiveKey()</c>: reads the key that is in use now.</summary>
    /// <returns>
    /// 200 with the key without private members, good at most until another key is active; 304 if the client has it.
    /// </returns>
    [HttpGet($"{KeySet}/{KeySetOperations.GetActiveKey}")]
    [Authorize(Permissions.Read)]
    [TypeFilter<AcceptFilter>]
    public async Task<IActionResult> GetActiveKey(string id)
    {
        (TrustFrameworkKeySet set, SelectExpandClause? selection) = await queries.FindForActiveKeyAsync(Request, id);
        TrustFrameworkKey key = ActiveKeys.Find(set, Response, time);
        Selected<TrustFrameworkKey> active = new(key, selection);
        return this.UnlessNotModified(EntityTag.TextOfActive(set, key), this.Shown(active));
    }

    /// <summary>
    /// <c>GET /trustFramework/keySets('{id}')/getActiveKey()/{property}</c>, <c>…/$value</c> and <c>…/x5c/$count</c>:
    /// reads a property of the key that is in use now.
    /// </summary>
    /// <returns>200 with the value, as JSON or as text; 204 if it is null; 304 if the client has it.</returns>
    [HttpGet($"{KeySet}/{KeySetOperations.GetActiveKey}/[trustFrameworkKey]")]
    [HttpGet($"{KeySet}/{KeySetOperations.GetActiveKey}/[trustFrameworkKey]/$value")]
    [HttpGet($"{KeySet}/{KeySetOperations.GetActiveKey}/x5c/$count")]
    [Authorize(Permissions.Read)]
    public async Task<IActionResult> GetActiveKeyProperty(string id)
    {
        KeyProperty property = KeyProperty.Of(Request);
        TrustFrameworkKeySet set = await queries.FindForPropertyAsync(Request, id);
        TrustFrameworkKey key = ActiveKeys.Find(set, Response, time);
        return this.UnlessNotModified(
            EntityTag.TextOfActive(set, key), this.Shown(property.ValueOf(new TrustFrameworkKeyV2(key, set))));
    }

    private async Task<IActionResult> AddAsync(string id, string action)
    {
        StoredCheck existing = StoredChecks.Existing(Request);
        TrustFrameworkKey key = await newKeys.MakeAsync(Request, action);
        return Added(
            await store.AppendAsync(id, key, Authors.Of(Request), StoredChecks.TakingKey(existing, key)), key);
    }

    private async Task<IActionResult> AddOrRenewAsync(string id, string action)
    {
        StoredCheck existing = StoredChecks.Existing(Request);
        TrustFrameworkKey key = await newKeys.MakeAsync(Request, action);
        (TrustFrameworkKeySet set, TrustFrameworkKey stored) = await store.AppendOrRenewAsync(
            id,
            key,
            Authors.Of(Request),
            keys => KeySetRules.Same(keys, key),
            StoredChecks.TakingCertificate(existing, key));
        return Added(set, stored);
    }

    private IActionResult Added(TrustFrameworkKeySet set, TrustFrameworkKey key)
    {
        PrivateMembers.RemoveFrom(key);
        return this.Changed(set, this.Whole(key));
    }
}
