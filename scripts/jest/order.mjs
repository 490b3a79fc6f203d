/** Runs the most expensive files first, and makes shards of about the same cost. */
import { existsSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import Sequencer from '@jest/test-sequencer';
import { root } from '../project.mjs';

// Its types describe the CommonJS module, not the imported one.
const Base = /** @type {typeof Sequencer.default} */ (/** @type {unknown} */ (Sequencer));

/** Seconds of the processor by file, of the last whole run. */
const file = join(root, 'scripts/jest/costs.json');
/** @type {Record<string, number>} */
const known = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : {};

/** Seconds of the checks of the sources, which belong to the first shard. */
const CHECKS = 120;

/** @param {{ path: string }} test a file that was never measured counts as one of its kind */
const costOf = ({ path }) => known[relative(root, path)] ?? (path.endsWith('.e2e-spec.ts') ? 10 : 0.3);

export default class ByCost extends Base {
  /**
   * @override
   * @param {import('@jest/reporters').Test[]} tests
   */
  sort(tests) {
    return [...tests].sort((a, b) => costOf(b) - costOf(a));
  }

  /**
   * @override
   * @param {import('@jest/reporters').Test[]} tests
   * @param {{ shardIndex: number, shardCount: number }} shard
   */
  shard(tests, { shardIndex, shardCount }) {
    const shards = Array.from({ length: shardCount }, (_, index) => ({
      cost: index === 0 ? CHECKS : 0,
      tests: /** @type {typeof tests} */ ([]),
    }));
    for (const test of this.sort(tests)) {
      const least = shards.reduce((found, one) => (one.cost < found.cost ? one : found));
      least.cost += costOf(test);
      least.tests.push(test);
    }
    return shards[shardIndex - 1]?.tests ?? [];
  }
}
