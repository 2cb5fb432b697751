// Calls the service through a client that npm @hey-api/openapi-ts has generated from its OpenAPI document:
//   node create.js <url of the service> <authorization>
// Each line of input is a JSON array: a step and its arguments. Each line of output is JSON: the answer as the client
// saw it.
import { argv, stdin } from 'node:process';
import { createInterface } from 'node:readline';
import { client } from './generated/client.gen';
import { createKeySet, deleteKey, generateKey, getKeySet, listKeySets, updateKey } from './generated/sdk.gen';

const [baseUrl, authorization] = argv.slice(2);
client.setConfig({ baseUrl, headers: { Authorization: authorization } });

type Seen = { data?: unknown; error?: { error: { code: string; message: string } }; response?: Response };

const steps: Record<string, (id: string, ...values: string[]) => Promise<Seen>> = {
  create: (id, kid, k) => createKeySet({ body: { id, keys: [{ kty: 'oct', use: 'sig', kid, k }] } }),
  generate: (id) => generateKey({ path: { id }, body: { use: 'sig', kty: 'oct' } }),
  get: (id) => getKeySet({ path: { id } }),
  find: (prefix) => listKeySets({ query: { $filter: `startswith(id,'${prefix}')`, $select: 'id', $count: true } }),
  disable: (id, kid) => updateKey({ path: { id, kid }, body: { status: 'disabled' } }),
  removeKey: (id, kid) => deleteKey({ path: { id, kid } }),
};

async function answer() {
  for await (const line of createInterface({ input: stdin })) {
    const [step, id, ...values] = JSON.parse(line);
    const { data, error, response } = await steps[step](id, ...values);
    console.log(JSON.stringify({ status: response?.status, data, code: error?.error.code }));
  }
}

void answer();
