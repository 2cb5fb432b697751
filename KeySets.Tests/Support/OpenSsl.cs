using System.Diagnostics;

namespace KeySets.Tests.Support;

/// <summary>The openssl command, in its own folder. Tests that need it are skipped if it is missing.</summary>
public sealed class OpenSsl : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    /// <summary>Skips the test if there is no openssl.</summary>
    public OpenSsl()
    {
        try
        {
            Run("version");
        }
        catch (System.ComponentModel.Win32Exception)
        {
            _folder.Dispose();
            Assert.Ignore("There is no openssl command on this machine.");
        }
    }

    /// <summary>Runs a command.</summary>
    /// <param name="command">Its arguments, without quotes and with single spaces.</param>
    /// <returns>Its output.</returns>
    public string Run(string command)
    {
        using Process process = new()
        {
            StartInfo = new ProcessStartInfo("openssl", command.Split(' '))
            {
                WorkingDirectory = _folder.FullPath,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            },
        };
        process.Start();
        Task<string> errors = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.That(process.ExitCode, Is.Zero, $"openssl {command}: {errors.Result}");
        return output;
    }

    /// <summary>A file that a command has made.</summary>
    public byte[] Bytes(string file) => File.ReadAllBytes(_folder.File(file));

    /// <summary>A file that a command has made, as base64.</summary>
    public string Base64(string file) => Convert.ToBase64String(Bytes(file));

    /// <summary>A text file that a command has made.</summary>
    public string Text(string file) => File.ReadAllText(_folder.File(file));

    /// <summary>Writes a text file for a command.</summary>
    public void Write(string file, string text) => File.WriteAllText(_folder.File(file), text);

    /// <summary>
    /// Creates the key and the certificate of an authority, root.key and root.pem, and those of a subject that it
    /// certifies, leaf.key and leaf.pem.
    /// </summary>
    public void MakeChain()
    {
        Run("req -x509 -newkey rsa:2048 -nodes -keyout root.key -out root.pem -days 3650 -subj /CN=root");
        Run("req -newkey rsa:2048 -nodes -keyout leaf.key -out leaf.csr -subj /CN=leaf");
        Run("x509 -req -in leaf.csr -CA root.pem -CAkey root.key -CAcreateserial -days 30 -out leaf.pem");
    }

    /// <summary>The modulus of a certificate in hexadecimal digits, as openssl prints it.</summary>
    public string Modulus(string certificate) => Run($"x509 -in {certificate} -noout -modulus").Trim().Split('=')[1];

    /// <inheritdoc />
    public void Dispose() => _folder.Dispose();
}
