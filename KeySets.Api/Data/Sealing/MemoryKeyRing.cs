using System.Collections.Concurrent;
using System.Xml.Linq;
using Microsoft.AspNetCore.DataProtection.Repositories;

namespace KeySets.Api.Data.Sealing;

/// <summary>A key ring in memory, for a database in memory: both end with the process.</summary>
public sealed class MemoryKeyRing : IXmlRepository
{
    private readonly ConcurrentQueue<XElement> _elements = new();

    /// <inheritdoc />
    public IReadOnlyCollection<XElement> GetAllElements() => [.. _elements.Select(element => new XElement(element))];

    /// <inheritdoc />
    public void StoreElement(XElement element, string friendlyName) => _elements.Enqueue(new XElement(element));
}
