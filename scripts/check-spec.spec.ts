import { describe, expect, it } from '@jest/globals';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { compareCalls, type Known, sortFindings, toKnownFile } from './check-spec.mjs';
import { listOperations } from './published-api.mjs';
import { root } from './project.mjs';

type Call = Parameters<typeof compareCalls>[0][number];

const text = { type: 'string' };
const parcel = (weight: object, more: object = {}) => ({ type: 'object', required: ['weight'], properties: { weight, ...more } });
const describeOrders = (schema: object, responses: object = { 202: {} }) => ({
  openapi: '3.0.0',
  servers: [{ url: 'https://api.example/v2' }],
  paths: { '/orders/{id}': { post: { requestBody: { content: { 'application/json': { schema } } }, responses } } },
});
const wire = (body: object, more: object = {}): Call[] => [
  { call: 'order', method: 'POST', path: '/v2/orders/:id', status: 202, body, ...more },
];
const compare = (calls: Call[], content: object): string[] =>
  compareCalls(calls, listOperations({ content, file: '' })).findings.map(({ key, text: said }) =>
    said === undefined ? key : `${key} "${said}"`,
  );

describe('check:spec', () => {
  it('finds nothing where both say the same', () => {
    const grams = { type: 'integer', minimum: 1, maximum: 9 };
    expect(compare(wire(parcel(grams)), describeOrders(parcel(grams)))).toEqual([]);
  });

  it.each<[string, object, object, string]>([
    ['a type', parcel(text), parcel({ type: 'integer' }), '$.weight: is string, published as integer'],
    ['a limit', parcel({ type: 'integer' }), parcel({ type: 'integer', maximum: 999 }), '$.weight: maximum is not set, published 999'],
    ['a field that it does not know', parcel(text, { size: text }), parcel(text), '$.size: is not published'],
    ['a field that is new', parcel(text), parcel(text, { size: text }), '$.size: is published and unknown here'],
    ['a new duty', { type: 'object', properties: { weight: text } }, parcel(text), '$.weight: is required by the published description'],
    ['a duty of our own', parcel(text), { type: 'object', properties: { weight: text } }, '$.weight: is required only here'],
    ['a value too many', parcel({ enum: ['A', 'B'] }), parcel({ enum: ['A'] }), '$.weight: takes B, not published'],
    ['a new value', parcel({ enum: ['A'] }), parcel({ enum: ['A', 'B'] }), '$.weight: does not take B'],
    ['any value', parcel(text), parcel({ type: 'string', enum: ['A'] }), '$.weight: takes any value, published are A'],
  ])('finds %s', (_what, mine, theirs, expected) => {
    expect(compare(wire(mine), describeOrders(theirs))).toEqual([`order body ${expected}`]);
  });

  it('finds a status, a call and parameters of a query', () => {
    expect(compare(wire(parcel(text), { status: 200 }), describeOrders(parcel(text)))).toEqual(['order: answers 200, published 202']);
    expect(compare([{ call: 'visit', method: 'GET', path: '/v2/visits' }], describeOrders(parcel(text)))).toEqual([
      'visit: GET /v2/visits is not published',
    ]);
    const parameters = [{ name: 'page', in: 'query', required: true, schema: { type: 'integer' }, description: 'Counted from 1.' }];
    const paths = { '/v2/orders': { get: { parameters, responses: { 200: {} } } } };
    const query = { type: 'object', properties: { pages: text } };
    expect(compare([{ call: 'list', method: 'GET', path: '/v2/orders', query }], { paths })).toEqual([
      'list query $.pages: is not published',
      'list query $.page: is required and unknown here',
    ]);
  });

  it('opens references and alternatives, also of another file', () => {
    const folder = mkdtempSync(join(tmpdir(), 'crossdock-spec-'));
    try {
      writeFileSync(join(folder, 'parts.yaml'), 'Weight:\n  type: integer\n  description: In grams only.\n');
      const schema = { allOf: [{ $ref: '#/parts/Order' }, { oneOf: [{ properties: { door: text } }, { properties: { point: text } }] }] };
      const content = {
        ...describeOrders(schema),
        parts: { Order: { type: 'object', required: ['weight'], properties: { weight: { $ref: 'parts.yaml#/Weight' } } } },
      };
      const operations = listOperations({ content, file: join(folder, 'openapi.json') });
      const { findings } = compareCalls(wire(parcel({ type: 'integer' }, { door: text, point: text })), operations);
      expect(findings).toEqual([{ key: 'order body $.weight', hash: expect.stringMatching(/^[0-9a-f]{10}$/), text: 'In grams only.' }]);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it('reads sentences of fields that we send once, with any markup, and duties of fields that we do not send', () => {
    const said = (description: string, size = 'Free.') =>
      describeOrders(parcel({ ...text, description }, { size: { ...text, description: size } }));
    const read = (content: object) =>
      compareCalls(wire(parcel(text)), listOperations({ content, file: '' })).findings.filter(({ hash }) => hash);
    const [first, ...others] = read(said('<p>In the <b>currency</b> of the [country](https://x.example).</p>'));
    expect(others).toEqual([]);
    expect(first).toMatchObject({ text: 'In the currency of the country .'.replace(' .', '.') });
    expect(read(said('In the currency of the country.'))).toEqual([first]);
    expect(read(said('In the currency of the contract.'))[0]?.hash).not.toBe(first?.hash);
    expect(read(said('x', 'Required abroad.')).map(({ key }) => key)).toEqual(['order body $.weight', 'order body $.size']);
  });

  it('reads Telegram’s description', () => {
    const content = {
      methods: {
        send: {
          name: 'send',
          description: ['Sends.'],
          fields: [{ name: 'chat_id', required: true, types: ['Integer', 'String'], description: 'Whom.' }],
        },
      },
      types: { Chat: { name: 'Chat', fields: [] } },
    };
    const body = { type: 'object', required: ['chat_id'], properties: { chat_id: { type: 'integer' } } };
    expect(compare([{ call: 'send', method: 'POST', path: '/send', body }], content)).toEqual([
      'send "Sends."',
      'send body $.chat_id "Whom."',
    ]);
  });

  it('knows what has a reason, and what is no longer so', () => {
    const findings = [{ key: 'order body $.size: is not published' }, { key: 'order body $.weight', hash: 'abc', text: 'In grams.' }];
    expect(sortFindings(findings, { differences: {}, sentences: {} })).toEqual({ fresh: findings, known: [], gone: [] });
    expect(sortFindings(findings, { differences: { '*$.size: is not*': 'theirs is older' }, sentences: { abc: 'a unit' } })).toMatchObject({
      fresh: [],
      gone: [],
    });
    expect(sortFindings([], { differences: { '*$.size*': 'older' }, sentences: { abc: 'a unit' } }).gone).toEqual(['*$.size*', 'abc']);
  });

  const codes = readdirSync(join(root, 'lab/doubles')).filter((code) => existsSync(toKnownFile(code)));
  it.each(codes)('%s has a reason for each difference, in our own words', (code) => {
    const known = JSON.parse(readFileSync(toKnownFile(code), 'utf8')) as Known;
    expect(known.published).toMatch(/^https:\/\//);
    expect(known.date).toMatch(/^\d{4}-\d\d-\d\d$/);
    expect(known.version).toMatch(/\S/);
    expect(Object.values({ ...known.differences, ...known.sentences }).filter((reason) => reason.trim().length < 10)).toEqual([]);
    expect(Object.keys(known.sentences).filter((hash) => !/^[0-9a-f]{10}$/.test(hash))).toEqual([]);
    // Sentences are hashes: no words of a vendor. Most vendors write Russian.
    expect(Object.values(known.sentences).join('')).not.toMatch(/[а-яё]{3}/i);
  });
});
