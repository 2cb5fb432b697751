// Verifies tokens with the keys that are published at a URL, as any service on Node.js would:
//   node verify.mjs <url of the keys> <issuer> <audience>
// Each line of input is a token. Each line of output says "valid <kid>" or "invalid <code>".
import { createInterface } from 'node:readline';
import { createRemoteJWKSet, jwtVerify } from 'jose';

const [url, issuer, audience] = process.argv.slice(2);
const keys = createRemoteJWKSet(new URL(url), { cooldownDuration: 0 });

for await (const token of createInterface({ input: process.stdin })) {
  try {
    const { protectedHeader } = await jwtVerify(token, keys, { issuer, audience, algorithms: ['RS256', 'PS256'] });
    console.log(`valid ${protectedHeader.kid}`);
  } catch (error) {
    console.log(`invalid ${error.code}`);
  }
}
