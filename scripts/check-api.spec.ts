import { describe, expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { findBreaks, mayBreak } from './check-api.mjs';
import { root } from './project.mjs';

/** A document with one call. */
function describeCall({ sent = {}, reply = {}, needed = ['id'], isRequired = false, path = '/orders' }) {
  const object = (properties: object, required: string[]) => ({ 'application/json': { schema: { type: 'object', properties, required } } });
  const post = {
    parameters: [{ name: 'limit', in: 'query', required: isRequired, schema: { type: 'integer' } }],
    requestBody: { required: true, content: object({ kind: { type: 'string', enum: ['a', 'b'] }, ...sent }, ['kind']) },
    responses: {
      200: { content: object({ id: { type: 'string' }, note: { type: ['string', 'null'] }, count: { type: 'number' }, ...reply }, needed) },
    },
  };
  return { openapi: '3.1.0', paths: { [path]: { post } } };
}
const BEFORE = describeCall({});
const BODY = 'POST /orders application/json body';
const REPLY = 'POST /orders 200 application/json';

describe('npm run check:api', () => {
  it.each([
    ['a removed path', { path: '/other' }, ['POST /orders is gone']],
    ['a removed field of a reply', { reply: { id: undefined } }, [`${REPLY} .id is gone`]],
    ['a field of a reply that may be missing', { needed: [] }, [`${REPLY} .id may be missing now`]],
    ['another type in a reply', { reply: { id: { type: 'integer' } } }, [`${REPLY} .id is integer instead of string`]],
    ['a reply that may be null', { reply: { id: { type: ['string', 'null'] } } }, [`${REPLY} .id is string or null instead of string`]],
    ['a required parameter', { isRequired: true }, ['POST /orders query limit is required now']],
    ['a narrowed enum', { sent: { kind: { type: 'string', enum: ['a'] } } }, [`${BODY} .kind lacks b`]],
    ['a removed field of a body', { sent: { kind: undefined } }, [`${BODY} .kind is gone`]],
  ])('finds %s', (_what, change, breaks) => {
    expect(findBreaks(BEFORE, JSON.parse(JSON.stringify(describeCall(change))))).toEqual(breaks);
  });

  it('finds a new required field and parameter', () => {
    const after = structuredClone(BEFORE);
    const post = after.paths['/orders']?.post;
    post?.requestBody.content['application/json'].schema.required.push('size');
    Object.assign(post?.requestBody.content['application/json'].schema.properties ?? {}, { size: { type: 'integer' } });
    post?.parameters.push({ name: 'shop', in: 'query', required: true, schema: { type: 'integer' } });
    expect(findBreaks(BEFORE, after)).toEqual(['POST /orders query shop is new and required', `${BODY} .size is new and required`]);
  });

  it.each([
    ['a new path', { ...BEFORE, paths: { ...BEFORE.paths, '/more': BEFORE.paths['/orders'] } }],
    ['a new field of a reply', describeCall({ reply: { more: { type: 'string' } }, needed: ['id', 'more'] })],
    ['a new optional field of a body', describeCall({ sent: { more: { type: 'object', required: ['x'], properties: { x: {} } } } })],
    ['a further value to send', describeCall({ sent: { kind: { enum: ['a', 'b', 'c'] } } })],
    ['a narrower type in a reply', describeCall({ reply: { note: { type: 'string' }, count: { type: 'integer' } } })],
  ])('allows %s', (_what, after) => {
    expect(findBreaks(BEFORE, after)).toEqual([]);
  });

  it('reads our own descriptions, which break nothing of themselves', () => {
    const api = JSON.parse(readFileSync(join(root, 'docs/openapi/api.json'), 'utf8'));
    expect(findBreaks(api, api)).toEqual([]);
    const without = structuredClone(api);
    delete without.components.schemas.CallView.properties.phone;
    expect(findBreaks(api, without)).toContain('GET /operator/api/calls 200 application/json .items[].phone is gone');
  });

  it.each([
    ['0.2.0', '0.2.1', [], false],
    ['0.2.0', '0.3.0', [], true],
    ['0.2.0', '0.2.0', ['minor'], true],
    ['0.2.0', '0.2.0', ['patch'], false],
    ['1.2.0', '1.3.0', ['minor'], false],
    ['1.2.0', '1.2.0', ['major'], true],
    ['1.2.0', '2.0.0', [], true],
  ])('after %s lets %s with the changesets %j break: %p', (release, version, bumps, expected) => {
    const changesets = bumps.map((bump) => ({ bump }));
    expect(mayBreak(release, version, changesets)).toBe(expected);
  });
});
