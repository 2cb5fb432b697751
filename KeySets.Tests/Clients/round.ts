// Does everything that users do with the service, through a client that odata2ts has generated. The compiler checks
// each name and type:
//   node round.js <url of the service> <authorization>
// Each line of input is a JSON array: a step and its arguments. Each line of output is JSON: the answer as the client
// saw it.
import { argv, stdin } from 'node:process';
import { createInterface } from 'node:readline';
import { FetchClient, FetchClientError } from '@odata2ts/http-client-fetch';
import type { EditabletrustFrameworkKey as NewKey } from './generated/KeySetsModel';
import { trustFrameworkKeyStatus as Status } from './generated/KeySetsModel';
import { KeySetsService } from './generated/KeySetsService';

const [url, authorization] = argv.slice(2);
const framework = new KeySetsService(
  new FetchClient({ headers: { Authorization: authorization } }), url).trustFramework();
const sets = framework.keySets();
const set = (id: string) => framework.keySets(id);
const ifMatch = (etag: string) => ({ headers: { 'If-Match': etag } });
const secret = (kid: string, k: string): NewKey => ({ kty: 'oct', use: 'sig', kid, k, x5c: [] });

type Step = (
  id: string,
  ...values: string[]
) => Promise<{ status: number; headers: Record<string, string>; data: unknown }>;

const steps: Record<string, Step> = {
  create: (id) => sets.create({ id, keys: [] }),
  createWithKey: (id, kid, k) => sets.create({ id, keys: [secret(kid, k)] }),
  find: (prefix, kty, top) =>
    sets.query((query, of) =>
      query.select('id')
        .filter(of.id.startsWith(prefix), of.keys.any((key) => key.kty.eq(kty)))
        .orderBy(of.id.desc())
        .top(+top)
        .count()),
  get: (id) => set(id).query(),
  getWithKeys: (id) =>
    set(id).query((query) => query.select('id').expanding('keys_v2', (keys) => keys.select('kid', 'status'))),
  patch: (id, etag) => set(id).patch({ keys: [] }, ifMatch(etag)),
  replace: (id, etag) => set(id).update({ id, keys: [] }, ifMatch(etag)),
  remove: (id) => set(id).delete(),

  generateKey: (id, kty) => set(id).generateKey({ use: 'sig', kty }),
  generateDatedKey: (id, nbf, exp) => set(id).generateKey({ use: 'sig', kty: 'oct', nbf: +nbf, exp: +exp }),
  uploadSecret: (id, k) => set(id).uploadSecret({ use: 'sig', k }),
  uploadCertificate: (id, key) => set(id).uploadCertificate({ key }),
  uploadPkcs12: (id, key, password) => set(id).uploadPkcs12({ key, password }),
  getActiveKey: (id) => set(id).getActiveKey(),

  addKey: (id, kid, k) => set(id).keys().add(secret(kid, k)),
  listKeys: (id) => set(id).keys_v2().query((query) => query.select('kid', 'status')),
  keysWithStatus: (id, status) =>
    set(id).keys_v2().query((query, of) => query.filter(of.status.eq(status)).select('kid')),
  getKey: (id, kid) => set(id).keys_v2(kid).query(),
  disableKey: (id, kid) => set(id).keys_v2(kid).patch({ status: Status.disabled }),
  removeKey: (id, kid) => set(id).keys_v2(kid).delete(),
};

async function take(step: string, id: string, values: string[]) {
  try {
    const { status, headers, data } = await steps[step](id, ...values);
    return { status, headers, data };
  } catch (error) {
    return error instanceof FetchClientError
      ? { status: error.status, message: error.message }
      : { message: String(error) };
  }
}

async function answer() {
  for await (const line of createInterface({ input: stdin })) {
    const [step, id, ...values] = JSON.parse(line);
    console.log(JSON.stringify(await take(step, id, values)));
  }
}

void answer();
