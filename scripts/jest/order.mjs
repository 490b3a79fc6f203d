/** Runs end-to-end specs first: they take longest, and short specs fill the rest. */
import Sequencer from '@jest/test-sequencer';

// Its types describe the CommonJS module, not the imported one.
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
