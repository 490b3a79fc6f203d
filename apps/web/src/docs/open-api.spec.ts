import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { type ApiDocument, describeLimits, describeType, findFields, groupEndpoints, resolve, type Schema } from './open-api.js';

const read = (name: string): ApiDocument =>
  JSON.parse(readFileSync(new URL(`../../../../docs/openapi/${name}.json`, import.meta.url), 'utf8')) as ApiDocument;
const document = read('api');
const RECURSIVE = {
  info: { title: '', description: '' },
  paths: {},
  components: { schemas: { Json: { anyOf: [{ type: 'string' }, { type: 'array', items: { $ref: '#/components/schemas/Json' } }] } } },
} satisfies ApiDocument;

describe('the documents page', () => {
  it.each(['api', 'callbacks'])('names type and fields of each schema of %s', (name) => {
    const shown = read(name);
    for (const schema of Object.keys(shown.components.schemas)) {
      const value = { $ref: `#/components/schemas/${schema}` };
      expect(describeType(shown, value)).toMatch(/\w/);
      findFields(shown, value);
    }
  });

  it('ends a schema that contains itself', () => {
    const value = { $ref: '#/components/schemas/Json' };
    expect(describeType(RECURSIVE, value)).toBe('string or array of Json');
    expect(findFields(RECURSIVE, value)).toBeUndefined();
  });

  it('finds operations by words of path, method and summary, under their tags', () => {
    const all = [...groupEndpoints(document, '').values()].flat();
    expect(all).toHaveLength(Object.values(document.paths).flatMap(Object.keys).length);
    const found = [...groupEndpoints(document, 'BUYERS delete')];
    expect(found.map(([tag, endpoints]) => [tag, endpoints.map(({ operationId }) => operationId)])).toEqual([['operator', ['eraseBuyer']]]);
    expect(groupEndpoints(document, 'nothing like that').size).toBe(0);
  });

  it('resolves replies and lists limits in words', () => {
    expect(resolve(document, { $ref: '#/components/responses/Error400' })).toHaveProperty('description');
    const schema: Schema = { enum: ['a', 'b'], minLength: 1, maxLength: 20, minimum: 3, default: 'a' };
    expect(describeLimits(schema)).toEqual(['"a", "b"', 'at least 3', '1 to 20 characters', 'default "a"']);
  });
});
