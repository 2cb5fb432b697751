using System.Globalization;
using System.Xml.Linq;
using Microsoft.AspNetCore.DataProtection.Repositories;

namespace KeySets.Api.Data.Sealing;

/// <summary>
/// The elements of a key ring: keys, and revocations of keys. They can move to another ring as they are: one that is
/// encrypted by a certificate stays so.
/// </summary>
public static class KeyRingElements
{
    private const string Key = "key";
    private const string Revocation = "revocation";

    /// <summary>The ids of the keys of a ring.</summary>
    public static IReadOnlySet<Guid> KeyIds(this IXmlRepository ring) => ring.GetAllElements()
        .Where(element => element.Name == Key)
        .Select(element => (Guid)element.Attribute("id")!)
        .ToHashSet();

    /// <summary>Whether a ring has a key that nothing encrypts.</summary>
    public static bool IsReadable(this IXmlRepository ring) => ring.GetAllElements().Any(element =>
        element.Name == Key && !element.Descendants().Any(part => part.Name.LocalName == "encryptedSecret"));

    /// <summary>Adds to a ring what it lacks of another one.</summary>
    /// <returns>The number of elements that it lacked.</returns>
    public static int AddFrom(this IXmlRepository ring, IXmlRepository other)
    {
        HashSet<string> names = [.. ring.GetAllElements().Select(NameOf)];
        XElement[] lacking = [.. other.GetAllElements().Where(element => names.Add(NameOf(element)))];
        foreach (XElement element in lacking)
        {
            ring.StoreElement(element, NameOf(element));
        }

        return lacking.Length;
    }

    /// <returns>The name that ASP.NET Core gives to the element, without which a folder would have it twice.</returns>
    private static string NameOf(XElement element) => element.Name.LocalName switch
    {
        Key => $"{Key}-{(Guid)element.Attribute("id")!}",
        Revocation when (string?)element.Element(Key)?.Attribute("id") is { } id && id != "*" => $"{Revocation}-{id}",
        Revocation => string.Create(
            CultureInfo.InvariantCulture,
            $"{Revocation}-{((DateTimeOffset)element.Element("revocationDate")!).UtcDateTime:yyyyMMddTHHmmssFFFFFFFZ}"),
        string name => throw new InvalidDataException($"The key ring has an element {name} that nobody knows."),
    };
}
