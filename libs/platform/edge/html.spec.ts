import { describe, expect, it } from '@jest/globals';
import { escapeHtml } from './html.js';

describe('a text in HTML', () => {
  it('opens no tag, leaves no attribute, and is read back unchanged', () => {
    expect(escapeHtml(`<b title="a" id='b'>&lt;`)).toBe('&lt;b title=&quot;a&quot; id=&#39;b&#39;&gt;&amp;lt;');
  });
});
