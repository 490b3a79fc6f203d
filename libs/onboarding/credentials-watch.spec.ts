import { describe, expect, it } from '@jest/globals';
import { buildCredentialsNotice } from './credentials-watch.js';

describe('the notice', () => {
  it.each(['en', 'es', 'ru'] as const)('in %s has no more than 160 characters, whatever the name', (language) => {
    for (const name of ['Courier', 'x'.repeat(300), '<&">'.repeat(40), '😀'.repeat(100)]) {
      const text = buildCredentialsNotice(name)[language];
      expect(text.replace(/<\/?b>/g, '').length).toBeLessThanOrEqual(160);
      expect(text).toMatch(/^<b>[^<>"]+<\/b>: [^<>]+$/);
    }
  });
});
