using System.Net;
using KeySets.Model;

namespace KeySets.Api.Refusals;

/// <content>Refusals of query options.</content>
public static partial class Refusal
{
    public static RefusalException UnsupportedQueryOption(string option) =>
        NotSupported("This system query option is not supported.", Shortened(option));

    public static RefusalException UnsupportedExpression(string? option = null) =>
        NotSupported("An expression has an operator, a function or a path that is not supported.", option);

    public static RefusalException QueryNotInPlainText() => new(
        HttpStatusCode.UnsupportedMediaType,
        "UnsupportedMediaType",
        "The query options in a body must be text/plain in UTF-8. Content-Encoding is not supported.",
        "Content-Type");

    public static RefusalException MisplacedQueryOption(string option) =>
        BadRequest("This system query option does not apply to the resource.", option);

    public static RefusalException RepeatedQueryOption(string option) =>
        BadRequest("The option is repeated.", Shortened(option));

    public static RefusalException EmptyQueryOption(string option) =>
        BadRequest("The option has no value.", option);

    public static RefusalException BadQueryOption(string option) =>
        BadRequest("The option cannot be read: its syntax, a type or a name is wrong.", option);

    public static RefusalException BadQueryOption(string option, string position) =>
        BadRequest($"The option cannot be read: see position {position}.", option);

    public static RefusalException UnknownQueryProperty(string option, string type) =>
        BadRequest($"The option names a property that {type} does not have, or misuses one.", option);

    public static RefusalException DivisionByZero(string option) =>
        BadRequest("The expression divides by zero.", option);

    public static RefusalException NegativeLength(string option) =>
        BadRequest("The length of a substring is negative.", option);

    public static RefusalException PrivateMemberInQuery(string option) =>
        BadRequest($"The private members {PrivateMembers.List} can be written, not queried.", option);

    public static RefusalException QueryTooLong(int limit) =>
        BadRequest($"The query is longer than {limit} characters.");

    public static RefusalException LinkTooLong(int limit) =>
        BadRequest($"The query of the link to the next page would be longer than {limit} characters.");

    public static RefusalException TooManyQueryOptions(int limit) =>
        BadRequest($"The query has more than {limit} options.");

    public static RefusalException QueryTooDeep(string option, int limit) =>
        BadRequest($"The expression nests more than {limit} levels deep.", option);

    public static RefusalException TooManyQueryNodes(string option, int limit) =>
        BadRequest($"The expressions have more than {limit} operators, functions, properties and literals.", option);

    public static RefusalException TooManyLambdas(string option, int limit) =>
        BadRequest($"The expression nests any and all more than {limit} levels deep.", option);

    public static RefusalException TooManyFunctions(string option, int limit) =>
        BadRequest($"The expression nests functions more than {limit} levels deep.", option);

    public static RefusalException NestedKeys(string option) =>
        BadRequest("The expression nests any, all or $count over keys more than 1 level deep.", option);

    public static RefusalException TooManyReferences(int limit) => NotSupported(
        $"There are more than {limit} references. Ask for $expand=keySets($select=id), which has pages.", "$expand");

    public static RefusalException TooManyOrderings(int limit) =>
        BadRequest($"The option has more than {limit} expressions.", "$orderby");

    public static RefusalException BadSkipToken() =>
        BadRequest("The token is not from a link of this service with the same options.", "$skiptoken");
}
