import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from '@jest/globals';
import { root } from '../project.mjs';
import { EMPTY, exceptions, findKind, findOverBudget, LIMITS } from './budget.mjs';

/** Only smaller numbers may be written here. */
const MOST = { files: 30, sum: 12_298 };

const empty = { file: EMPTY, seconds: 0.1 };
const apart = `Deployment.start({ apart: true })`;
const find = (file: string, seconds: number, text = ''): string[] => findOverBudget([empty, { file, seconds }], () => text);

it('is over for a file that costs more than its kind may', () => {
  expect(find('libs/a.spec.ts', 3)).toEqual([]);
  expect(find('libs/a.spec.ts', 3.2)).toEqual(['libs/a.spec.ts costs 32 empty specs, and a file of kind unit may cost 30']);
  expect(find('libs/a.e2e-spec.ts', 15.2)).toEqual([expect.stringContaining('kind e2e may cost 150')]);
  expect(find('libs/a.e2e-spec.ts', 15.2, apart)).toEqual([]);
  expect(find('libs/a.e2e-spec.ts', 31, apart)).toEqual([expect.stringContaining('kind apart may cost 300')]);
  expect(find('libs/a.e2e-spec.ts', 31, `import { openBrowser } from './support/browser.js';`)).toEqual([]);
});

it('has a limit for each exception', () => {
  const [file = '', limit = 0] = Object.entries(exceptions)[0] ?? [];
  expect(find(file, (limit - 1) / 10)).toEqual([]);
  expect(find(file, (limit + 1) / 10)).toEqual([expect.stringContaining(`and it may cost ${limit}`)]);
});

it('cannot be judged without an empty spec in the same run', () => {
  expect(findOverBudget([{ file: 'libs/a.spec.ts', seconds: 1 }], () => '')).toEqual([expect.stringContaining('run all specs together')]);
});

it('has exceptions only for files that need one, and ever fewer', () => {
  for (const [file, limit] of Object.entries(exceptions)) {
    expect([file, existsSync(join(root, file))]).toEqual([file, true]);
    expect([file, limit > LIMITS[findKind(file, readFileSync(join(root, file), 'utf8'))]]).toEqual([file, true]);
  }
  expect(Object.keys(exceptions).length).toBeLessThanOrEqual(MOST.files);
  expect(Object.values(exceptions).reduce((sum, limit) => sum + limit, 0)).toBeLessThanOrEqual(MOST.sum);
});
