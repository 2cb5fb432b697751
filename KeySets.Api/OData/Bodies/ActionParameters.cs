using KeySets.Api.Keys;
using KeySets.Api.Refusals;
using KeySets.Model;

namespace KeySets.Api.OData.Bodies;

/// <summary>
/// The parameters of an action as clients of the cloud API send them: names in any case, 64-bit numbers also as text,
/// null for unset parameters, and null even for members of a key that are no parameters of the action.
/// </summary>
public sealed class ActionParameters
{
    private readonly Dictionary<string, string?> _texts = new(StringComparer.Ordinal);
    private readonly Dictionary<string, long?> _numbers = new(StringComparer.Ordinal);

    private ActionParameters()
    {
    }

    /// <summary>Reads the body of an action.</summary>
    /// <param name="action">One of <see cref="KeySetOperations"/>.</param>
    /// <exception cref="RefusalException">
    /// 400: a parameter is missing, unknown, repeated or of a wrong type.
    /// </exception>
    public static Func<BodyValue, ActionParameters> Of(string action) => body =>
    {
        ActionParameters parameters = new();
        foreach (BodyValue value in body.Parameters(action))
        {
            parameters.Add(value, action);
        }

        ActionParameter? missing = KeySetOperations.Parameters[action]
            .FirstOrDefault(parameter =>
                parameter.IsRequired && string.IsNullOrEmpty(parameters._texts.GetValueOrDefault(parameter.Name)));
        return missing is null ? parameters : throw Refusal.MissingParameter(missing.Name);
    };

    /// <summary>A required text.</summary>
    public string Text(string name) => _texts[name]!;

    /// <summary>A text; null if there is none.</summary>
    public string? OptionalText(string name) => _texts.GetValueOrDefault(name);

    /// <summary>A number; null if there is none.</summary>
    public long? OptionalNumber(string name) => _numbers.GetValueOrDefault(name);

    private void Add(BodyValue value, string action)
    {
        if (KeySetOperations.Parameters[action].FirstOrDefault(parameter => Is(value, parameter.Name)) is { } parameter)
        {
            bool isFirst = parameter.IsNumber
                ? _numbers.TryAdd(parameter.Name, (value with { NumbersAsText = true }).OptionalNumber())
                : _texts.TryAdd(parameter.Name, value.OptionalText());
            if (!isFirst)
            {
                throw Refusal.RepeatedMember();
            }
        }
        else if (!IsIgnored(value, action))
        {
            throw Refusal.UnknownParameter(value.Path, action);
        }
    }

    /// <remarks>Scripts send null for unset members, and send the kty although the action allows only one.</remarks>
    private static bool IsIgnored(BodyValue value, string action)
    {
        if (value.IsNull)
        {
            return KeySetReader.IsMember(value.Name.ToLowerInvariant())
                || KeySetOperations.Parameters.Values
                    .SelectMany(parameters => parameters)
                    .Any(parameter => Is(value, parameter.Name));
        }

        string kty = action == KeySetOperations.UploadSecret ? KeyRules.Oct : KeyRules.Rsa;
        return Is(value, KeySetOperations.Kty)
            && (value.Text().Equals(kty, StringComparison.OrdinalIgnoreCase)
                ? true
                : throw Refusal.WrongKeyType(value.Path, kty));
    }

    private static bool Is(BodyValue value, string name) => value.Name.Equals(name, StringComparison.OrdinalIgnoreCase);
}
