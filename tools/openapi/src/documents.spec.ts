import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { DOCUMENTS } from './document.js';
import { readExamples } from './examples.js';
import { ExchangeCheck } from './exchange-check.js';

const kept = 'docs/openapi';
const built = 'dist/openapi';
const RENEW = 'docs/openapi is not what the code says: run `npm run generate:openapi` and commit it';

describe('the documents of the API', () => {
  it.each(Object.keys(DOCUMENTS))('%s.json matches the code', (name) => {
    const read = (folder: string): string => readFileSync(join(folder, `${name}.json`), 'utf8');
    expect(read(kept) === read(built) ? 'as the code says' : RENEW).toBe('as the code says');
  });
});

describe('examples', () => {
  const check = new ExchangeCheck(built);
  const operations = check.list();
  const examples = readExamples(join(kept, 'examples'));
  it('are of operations that there are', () => {
    const names = operations.map(({ operationId }) => `${operationId}.json`);
    expect(readdirSync(join(kept, 'examples')).filter((file) => !names.includes(file))).toEqual([]);
  });

  it('are there for every operation', () => {
    const missing = operations.filter(({ operationId }) => !examples.has(operationId));
    expect(missing.map(({ operationId }) => operationId)).toEqual([]);
  });

  it('fit their schemas', () => {
    const problems = operations.flatMap((operation) => {
      const example = examples.get(operation.operationId);
      if (!example) return [];
      const status = Number(Object.keys(operation.responses).find((one) => one < '300') ?? 200);
      return [
        check.judgeBody(operation, example.request?.body),
        'reply' in example ? check.judgeReply(operation, status, example.reply) : undefined,
      ];
    });
    expect(problems.filter((problem) => problem !== undefined)).toEqual([]);
  });
});
