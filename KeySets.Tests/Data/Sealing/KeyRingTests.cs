using System.Collections.Concurrent;
using System.Net.Sockets;
using System.Xml.Linq;
using KeySets.Api.Data.Sealing;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.AspNetCore.DataProtection.Repositories;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace KeySets.Tests.Data.Sealing;

/// <summary>A key ring in a database that goes away.</summary>
public sealed class KeyRingTests
{
    private static readonly Exception[] Failures =
        [new NpgsqlException("The server is away."), new SocketException(), new EndOfStreamException()];

    [TestCaseSource(nameof(Failures))]
    public async Task Leaves_it_to_the_write_to_tell_that_the_database_is_away(Exception failure)
    {
        Repository repository = new();
        ServiceCollection services = new();
        services.AddDataProtection();
        services.Configure<KeyManagementOptions>(options => options.XmlRepository = repository);
        await using ServiceProvider provider = services.AddSingleton<KeyRing>().BuildServiceProvider();
        byte[] bytes = provider.GetRequiredService<IDataProtectionProvider>().CreateProtector("x").Protect([]);
        KeyRing ring = provider.GetRequiredService<KeyRing>();
        Assert.That(ring.Holds(bytes), Is.True);
        // It looks again after a second.
        await Task.Delay(TimeSpan.FromSeconds(1.1));
        repository.Failure = failure;

        Assert.That(ring.Holds(bytes), Is.True);
    }

    private sealed class Repository : IXmlRepository
    {
        private readonly ConcurrentQueue<XElement> _elements = new();

        public Exception? Failure { get; set; }

        public IReadOnlyCollection<XElement> GetAllElements() => Failure is null ? [.. _elements] : throw Failure;

        public void StoreElement(XElement element, string friendlyName) => _elements.Enqueue(element);
    }
}
