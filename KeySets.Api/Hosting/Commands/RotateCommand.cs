using System.Globalization;
using Microsoft.AspNetCore.DataProtection.KeyManagement;

namespace KeySets.Api.Hosting.Commands;

/// <summary>
/// Makes a new key of the key ring, before the current one expires: after somebody may have seen the ring.
/// </summary>
public static class RotateCommand
{
    /// <summary>Runs the command.</summary>
    /// <param name="storage">Whose key ring it is.</param>
    /// <param name="operand">There is none.</param>
    public static async Task<int> RunAsync(CommandStorage storage, string operand)
    {
        await storage.Database.RequireCurrentAsync();
        if (storage.KeyRing.IsEmpty)
        {
            throw new CommandException("The key ring has no key. The service makes the first one.");
        }

        DateTimeOffset now = TimeProvider.System.GetUtcNow();
        IKey key = storage.KeyManager.CreateNewKey(now, now + storage.KeyLifetime);
        storage.KeyRing.FlushToDisk();
        string expires = key.ExpirationDate.ToString("O", CultureInfo.InvariantCulture);
        await Console.Out.WriteLineAsync(
            $"The key ring has a new key, {key.KeyId}, which expires at {expires}.\n"
            + "Start all instances of the service again, so that they seal with it. Then run reseal.");
        return 0;
    }
}
