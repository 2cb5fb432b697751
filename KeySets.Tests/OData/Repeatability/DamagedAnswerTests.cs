using System.Net;
using KeySets.Tests.Support;
using Microsoft.EntityFrameworkCore;

namespace KeySets.Tests.OData.Repeatability;

/// <summary>
/// Remembered answers that were moved, cut or flipped in the database: the request that they belong to cannot be
/// repeated, and is not carried out again. All others go on.
/// </summary>
[OnEveryDatabase]
public sealed class DamagedAnswerTests : RepeatabilityTests
{
    private const string Key = """{"kty":"oct","kid":"first","k":"YS1zZWNyZXQ"}""";

    [TestCase("moved")]
    [TestCase("cut")]
    [TestCase("flipped")]
    [TestCase("emptied")]
    public async Task Refuse_their_own_request_and_carry_it_out_no_second_time(string damage)
    {
        string other = $"{HttpExtensions.KeySets}('{Id}-other')";
        (string, string)[] headers = NewHeaders();
        (string, string)[] otherHeaders = NewHeaders();
        HttpResponseMessage first = await SendAsync("POST", $"{Set}/keys", Key, headers);
        HttpResponseMessage second = await SendAsync("PUT", other, $$"""{"keys":[{{Key}}]}""", otherHeaders);
        Assert.That(first.IsSuccessStatusCode && second.IsSuccessStatusCode, Is.True);
        string before = await Writer.GetStringAsync(Set);
        byte[] answer = await AnswerAsync(Id);
        await PutAsync(Id, damage switch
        {
            "moved" => await AnswerAsync($"{Id}-other"),
            "cut" => answer[..^1],
            "flipped" => [.. answer[..^1], (byte)(answer[^1] ^ 1)],
            _ => [],
        });

        HttpResponseMessage refused = await SendAsync("POST", $"{Set}/keys", Key, headers);

        await AssertResultAsync(refused, HttpStatusCode.PreconditionFailed, "rejected");
        await refused.AssertErrorAsync(
            HttpStatusCode.PreconditionFailed, "PreconditionFailed", "Repeatability-Request-ID");
        Assert.That(await refused.Content.ReadAsStringAsync(), Does.Not.Contain("YS1zZWNyZXQ"));
        Assert.That(await Writer.GetStringAsync(Set), Is.EqualTo(before));
        await AssertResultAsync(
            await SendAsync("PUT", other, $$"""{"keys":[{{Key}}]}""", otherHeaders), second.StatusCode, "accepted");
        await AssertResultAsync(
            await SendAsync("DELETE", $"{Set}/keys", null, NewHeaders()), HttpStatusCode.NoContent, "accepted");
    }

    private Task<byte[]> AnswerAsync(string id) => Application.Rows.ReadAsync(context => context.Database
        .SqlQuery<byte[]>($"""SELECT "Answer" AS "Value" FROM "RepeatableRequests" WHERE "KeySetId" = {id}""")
        .SingleAsync());

    private async Task PutAsync(string id, byte[] answer) => Assert.That(
        await Application.Rows.ReadAsync(context => context.Database.ExecuteSqlAsync(
            $"""UPDATE "RepeatableRequests" SET "Answer" = {answer} WHERE "KeySetId" = {id}""")),
        Is.EqualTo(1));
}
