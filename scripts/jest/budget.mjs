/** The budget of spec files: processor time relative to an empty spec of the same run, by kind of file. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../project.mjs';

/** Does nothing: the unit of all limits. */
export const EMPTY = 'scripts/jest/empty.spec.ts';

/** @typedef {'unit' | 'e2e' | 'apart' | 'browser'} Kind */

/**
 * The most that a file of each kind may cost, in empty specs.
 * @type {Record<Kind, number>}
 */
export const LIMITS = { unit: 30, e2e: 150, apart: 300, browser: 400 };

/**
 * Files that may cost more, with their limits in empty specs. The list may only shrink.
 * @type {Record<string, number>}
 */
export const exceptions = JSON.parse(readFileSync(join(root, 'scripts/jest/budget.json'), 'utf8'));

/**
 * @param {string} file
 * @param {string} text of the file
 * @returns {Kind}
 */
export function findKind(file, text) {
  if (!file.endsWith('.e2e-spec.ts')) return 'unit';
  if (/support\/(browser|page-watch|first-view)|'playwright-core'/.test(text)) return 'browser';
  return /apart: true|separate\(|ServerProcess|support\/zadarma-desk|support\/pbx-desk/.test(text) ? 'apart' : 'e2e';
}

/**
 * @param {{ file: string, seconds: number }[]} costs of a run
 * @param {(file: string) => string} [read]
 * @returns {string[]} a problem for each file over its limit
 */
export function findOverBudget(costs, read = (file) => readFileSync(join(root, file), 'utf8')) {
  const empty = costs.find(({ file }) => file === EMPTY)?.seconds;
  if (!empty) return [`no budget without the cost of ${EMPTY}: run all specs together`];
  return costs.flatMap(({ file, seconds }) => {
    const kind = findKind(file, read(file));
    const limit = exceptions[file] ?? LIMITS[kind];
    const cost = Math.round(seconds / empty);
    return cost > limit
      ? [`${file} costs ${cost} empty specs, and ${exceptions[file] ? 'it' : `a file of kind ${kind}`} may cost ${limit}`]
      : [];
  });
}
