// Gets a token as the OAuth client of any service would, and creates a key set with it:
//   node token.mjs <url of the service>
// Prints the issuer, the type of the token and the status of the answer as JSON.
import { argv } from 'node:process';
import * as oauth from 'openid-client';

const server = new URL(argv[2]);
const client = await oauth.discovery(
  server, 'tests', 'anything', undefined, { execute: [oauth.allowInsecureRequests] });
const token = await oauth.clientCredentialsGrant(client, { scope: 'TrustFrameworkKeySet.ReadWrite.All' });
const response = await oauth.fetchProtectedResource(
  client,
  token.access_token,
  new URL('/trustFramework/keySets', server),
  'POST',
  '{}',
  new Headers({ 'Content-Type': 'application/json' }));
console.log(JSON.stringify(
  { issuer: client.serverMetadata().issuer, type: token.token_type, status: response.status }));
