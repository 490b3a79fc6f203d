import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { closeConnections, CrmClient, type CrmFile, listFields, METHODS, type MethodSpec, type TypeName } from './index.js';
import { decodeForm } from './test-support/form-decoder.js';
import { asForm, SAMPLE_ZONE, sampleOfType } from './test-support/samples.js';
import { sendJson, WireServer } from './test-support/wire-server.js';

type AnyMethod = (...args: unknown[]) => Promise<unknown>;
type Groups = { readonly [group: string]: { readonly [method: string]: AnyMethod } };

interface ContractMethod {
  readonly group: string;
  readonly name: string;
  readonly verb: string;
  readonly path: string;
  readonly request: string | null;
}

const contract = JSON.parse(readFileSync(new URL('./contract/methods.json', import.meta.url), 'utf8')) as ContractMethod[];
const specs: readonly MethodSpec<TypeName>[] = METHODS;
const server = new WireServer();
let crm: CrmClient;

beforeAll(async () => {
  await server.start();
  crm = new CrmClient({ baseUrl: server.url, apiKey: 'secret-key', allowPrivateHosts: true, limiter: false, timeZone: SAMPLE_ZONE });
});
beforeEach(() => {
  server.answer = (response) => sendJson(response, 200, { success: true });
  server.seen.length = 0;
});
afterAll(async () => {
  await closeConnections();
  await server.stop();
});

function findMethod(api: object, spec: { group: string; name: string }): AnyMethod {
  const group = (api as Groups)[spec.group];
  const method = group?.[spec.name];
  if (!group || !method) throw new Error(`The client has no ${spec.group}.${spec.name}`);
  return (...args) => method.apply(group, args);
}

const lowerFirst = (text: string): string => text.charAt(0).toLowerCase() + text.slice(1);

describe('the contract', () => {
  it('has 186 methods: 183 and the three of favourites', () => {
    expect(contract).toHaveLength(186);
    expect(contract.filter(({ path }) => path.includes('/favorites/')).map(({ name }) => name)).toEqual([
      'favorites',
      'favoritesAdd',
      'favoritesRemove',
    ]);
  });

  it.each(contract.map((method) => [`${method.group}.${method.name}`, method] as const))(
    '%s is in the table and on the client',
    (_, method) => {
      const group = lowerFirst(method.group);
      const spec = specs.find((candidate) => candidate.key === `${group}.${method.name}`);
      expect(spec).toMatchObject({ verb: method.verb, path: method.path });
      expect(typeof (crm as unknown as Groups)[group]?.[method.name]).toBe('function');
      expect(typeof (crm.exact as unknown as Groups)[group]?.[method.name]).toBe('function');
    },
  );

  it('has nothing on the client that is not in it', () => {
    expect(specs.map(({ key }) => key).sort()).toEqual(contract.map(({ group, name }) => `${lowerFirst(group)}.${name}`).sort());
  });
});

describe.each(specs.map((spec) => [spec.key, spec] as const))('%s', (_, spec) => {
  const parts = spec.params.map((name) => `${name} /ü?`);
  const path = spec.params.reduce(
    (text, name, index) => text.replace(`{${name}}`, encodeURIComponent(parts[index] ?? '')),
    spec.path as string,
  );
  const request = spec.request ? sampleOfType(spec.request) : undefined;
  const args = request ? [...parts, request.given] : parts;

  if (spec.body === 'raw') {
    it('sends the file as the body', async () => {
      await findMethod(crm, spec)(...parts, { file: Buffer.from('bytes') });
      expect(server.last).toMatchObject({ verb: 'POST', path, query: '' });
      expect(server.last.headers).toMatchObject({
        'x-api-key': 'secret-key',
        'content-type': 'application/octet-stream',
        'content-length': '5',
      });
      expect(server.last.body.toString()).toBe('bytes');
    });
  } else if (spec.reply === 'json') {
    it('sends its request', async () => {
      await findMethod(crm, spec)(...args);
      expectRequest();
    });
  }

  if (spec.reply === 'file') {
    it('sends its request and gives the file', async () => {
      server.answer = (response) =>
        response.writeHead(200, { 'content-type': 'application/pdf', 'content-disposition': 'attachment; filename="a.pdf"' }).end('%PDF');
      const file = (await findMethod(crm, spec)(...args)) as CrmFile;
      expectRequest();
      expect(file).toMatchObject({ name: 'a.pdf', type: 'application/pdf' });
      expect((await file.bytes()).toString()).toBe('%PDF');
    });
    return;
  }

  it('returns its reply, unchanged and normalised', async () => {
    const sample = sampleOfType(spec.response);
    server.answer = (response) => sendJson(response, 200, sample.wire);
    const given = spec.body === 'raw' ? [...parts, { file: Buffer.from('bytes') }] : args;
    expect(await findMethod(crm, spec)(...given)).toEqual(sample.wire);
    expect(await findMethod(crm.exact, spec)(...given)).toEqual(sample.exact);
  });

  function expectRequest(): void {
    expect(server.seen).toHaveLength(1);
    expect(server.last).toMatchObject({ verb: spec.verb, path });
    expect(server.last.headers['x-api-key']).toBe('secret-key');
    const text = spec.body === 'query' ? server.last.query : server.last.body.toString();
    expect(spec.body === 'query' ? server.last.body.toString() : server.last.query).toBe('');
    if (spec.body === 'form') expect(server.last.headers['content-type']).toBe('application/x-www-form-urlencoded');
    const sent = decodeForm(text);
    const expected: { [field: string]: unknown } = {};
    const wire = (request?.wire ?? {}) as { readonly [field: string]: unknown };
    for (const [field, type] of spec.request ? listFields(spec.request) : []) {
      if (wire[field] === undefined) continue;
      // One JSON document for fields marked in the contract. All others in the API's form encoding.
      expected[field] = type.json ? wire[field] : asForm(wire[field]);
      if (type.json) sent[field] = JSON.parse(sent[field] as string) as string;
    }
    expect(sent).toEqual(expected);
  }
});
