using System.Net;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using KeySets.Tests.Support;

namespace KeySets.Tests.Data;

/// <summary>
/// Random operations, valid and invalid. Each must get the status, the ETag and the body that the <see
/// cref="KeySetModel"/> predicts, and leave all sets as they are in the model. A failure tells its seed: add it as a
/// test case to repeat it.
/// </summary>
[OnEveryDatabase(OnTwoInstances = true)]
public sealed class RandomOperationsTests
{
    private const int Steps = 700;

    private static readonly string[] Answers =
    [
        "200", "201", "204", "304", "400 AADB2C90253", "400 AADB2C95030", "400 AADB2C95032", "400 AADB2C95042",
        "400 BadRequest", "404 AADB2C90073", "404 NotFound", "409 AADB2C95028", "412 PreconditionFailed",
        "424 FailedDependency",
    ];

    [TestCase(1)]
    [TestCase(2)]
    public async Task Answers_as_the_model_predicts(int seed)
    {
        SortedDictionary<string, int> reached = await RunAsync(seed);

        // A run that lacks one of these answers tests too little.
        Assert.That(reached.Keys, Is.EqualTo(Answers));
    }

    [Test]
    public Task Answers_as_the_model_predicts_from_a_new_seed() =>
        RunAsync(RandomNumberGenerator.GetInt32(int.MaxValue));

    /// <returns>The number of answers with each status and code.</returns>
    private static async Task<SortedDictionary<string, int>> RunAsync(int seed)
    {
        await using KeySetsApplication application = new();
        KeySetModel model = new();
        RandomOperations operations = new(seed, model);
        EntityTags tags = new();
        BatchMessages messages = new(application.Writer, tags);
        OperationBatch list = OperationBatch.Of(new KeySetOperation(Verb.List));
        SortedDictionary<string, int> reached = new(StringComparer.Ordinal);
        for (int step = 0; step < Steps; step++)
        {
            OperationBatch batch = operations.Next();
            string place = $"seed {seed}, step {step}:\n{batch}";
            IReadOnlyList<Answer> answers = await messages.SendAsync(batch);
            AssertAll(answers, model.Run(WithChosenId(batch, answers[0], operations)), tags, place);
            AssertAll(await messages.SendAsync(list), model.Run(list), tags, $"the list after {place}");
            foreach (string answer in answers.Select(answer => $"{(int)answer.Status} {answer.Code}".TrimEnd()))
            {
                reached[answer] = reached.GetValueOrDefault(answer) + 1;
            }
        }

        await TestContext.Out.WriteLineAsync(
            $"seed {seed}: {string.Join(", ", reached.Select(answer => $"{answer.Value} × {answer.Key}"))}");
        return reached;
    }

    /// <summary>Adds the id that the service has chosen for a set without one, so that the model knows it.</summary>
    private static OperationBatch WithChosenId(OperationBatch batch, Answer answer, RandomOperations operations)
    {
        if (batch.Groups[0].Operations[0] is not { Verb: Verb.Create, Id: null } create
            || answer.Status != HttpStatusCode.Created)
        {
            return batch;
        }

        string id = (string)answer.Body!["id"]!;
        Assert.That(Guid.TryParseExact(id, "D", out _), Is.True, id);
        operations.Meet(id);
        return OperationBatch.Of(create with { Id = id });
    }

    private static void AssertAll(
        IReadOnlyList<Answer> answers, IReadOnlyList<Outcome> outcomes, EntityTags tags, string place)
    {
        int[] statuses = [.. answers.Select(answer => (int)answer.Status)];
        string errors = string.Join(
            '\n',
            answers.Where(answer => answer.Code is not null).Select(answer => answer.Body!.ToJsonString()));
        Assert.That(
            statuses,
            Is.EqualTo(outcomes.Select(outcome => (int)outcome.Status).ToArray()),
            $"The statuses at {place}\n{errors}");
        foreach ((Answer answer, Outcome outcome) in answers.Zip(outcomes))
        {
            AssertIs(answer, outcome, tags, $"{outcome.Operation}\nat {place}");
        }
    }

    private static void AssertIs(Answer answer, Outcome outcome, EntityTags tags, string place)
    {
        if (outcome.Codes is not null)
        {
            Assert.That(answer.Code, Is.AnyOf([.. outcome.Codes]), $"The code of {place}");
        }

        if (outcome.Revision is { } revision)
        {
            Assert.That(
                tags.RevisionOf(answer.ETag, revision), Is.EqualTo(revision), $"The ETag {answer.ETag} of {place}");
        }

        if (outcome.Sets is not null)
        {
            Assert.That(
                Shown(answer, outcome, tags),
                Is.EqualTo(outcome.Sets.Select(set => $"{set}").ToArray()),
                $"The sets in the answer of {place}");
        }

        if (outcome.Number is { } number)
        {
            Assert.That($"{answer.Body}", Is.EqualTo($"{number}"), $"The number of {place}");
        }
    }

    /// <summary>The sets in an answer, written as the model writes them.</summary>
    private static string[] Shown(Answer answer, Outcome outcome, EntityTags tags)
    {
        JsonNode?[] sets = outcome.Operation.Verb switch
        {
            Verb.List => [.. answer.Body!["value"]!.AsArray()],
            // An answer about keys does not name their set.
            Verb.PutKeys or Verb.AppendKey or Verb.GetEntities =>
            [
                new JsonObject
                {
                    ["id"] = outcome.Operation.Id,
                    ["keys"] = answer.Body!["value"]!.DeepClone(),
                    ["@odata.etag"] = answer.ETag,
                },
            ],
            _ => [answer.Body],
        };
        return [.. sets.Select((set, index) => $"{new ModelSet(
            (string)set!["id"]!,
            [.. set["keys"]!.AsArray().Select(key => ModelKey.Read(key!))],
            tags.RevisionOf(
                (string?)set["@odata.etag"], outcome.Sets!.ElementAtOrDefault(index)?.Revision ?? 0) ?? 0)}")];
    }
}
