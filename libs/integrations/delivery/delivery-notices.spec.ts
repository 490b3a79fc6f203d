import { describe, expect, it } from '@jest/globals';
import { buildUnansweredNotice } from './delivery-notices.js';

describe('the notice of a delivery without an answer', () => {
  it('names module and order, and has the 160 characters of the CRM at most', () => {
    for (const text of Object.values(buildUnansweredNotice('W'.repeat(80), '<1>'.repeat(40)))) {
      expect(text.replace(/<[^>]*>/g, '').replace(/&\w+;/g, '.').length).toBeLessThanOrEqual(160);
      expect(text).toContain('&lt;1&gt;');
    }
  });
});
