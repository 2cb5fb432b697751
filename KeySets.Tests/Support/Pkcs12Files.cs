using System.Formats.Asn1;

namespace KeySets.Tests.Support;

/// <summary>PKCS #12 files (RFC 7292 section 4) that no program would write.</summary>
public static class Pkcs12Files
{
    private const string Data = "1.2.840.113549.1.7.1";
    private const string Sha256 = "2.16.840.1.101.3.4.2.1";

    /// <summary>A file without contents, whose password must be hashed this many times.</summary>
    public static byte[] WithMacOf(int iterations)
    {
        AsnWriter writer = new(AsnEncodingRules.DER);
        using (writer.PushSequence())
        {
            writer.WriteInteger(3);
            WriteAuthenticatedSafe(writer);
            using (writer.PushSequence())
            {
                using (writer.PushSequence())
                {
                    using (writer.PushSequence())
                    {
                        writer.WriteObjectIdentifier(Sha256);
                    }

                    writer.WriteOctetString(new byte[32]);
                }

                writer.WriteOctetString([1]);
                writer.WriteInteger(iterations);
            }
        }

        return writer.Encode();
    }

    private static void WriteAuthenticatedSafe(AsnWriter writer)
    {
        AsnWriter contents = new(AsnEncodingRules.DER);
        using (contents.PushSequence())
        {
        }

        using (writer.PushSequence())
        {
            writer.WriteObjectIdentifier(Data);
            using (writer.PushSequence(new Asn1Tag(TagClass.ContextSpecific, 0)))
            {
                writer.WriteOctetString(contents.Encode());
            }
        }
    }
}
