/**
 * The order of spec files: end-to-end ones first. They take longest, so that the short ones fill what is left
 * at the end.
 */
import Sequencer from '@jest/test-sequencer';

// Its types describe the CommonJS module, not what an import gives.
const Base = /** @type {typeof Sequencer.default} */ (/** @type {unknown} */ (Sequencer));

export default class EndToEndFirst extends Base {
  /**
   * @override
   * @param {import('@jest/reporters').Test[]} tests
   */
  async sort(tests) {
    const rank = (/** @type {{ path: string }} */ { path }) => (path.endsWith('.e2e-spec.ts') ? 0 : 1);
    return (await super.sort(tests)).sort((a, b) => rank(a) - rank(b));
  }
}
