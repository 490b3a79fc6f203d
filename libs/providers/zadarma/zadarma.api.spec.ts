import { describe, expect, it } from '@jest/globals';
import { declareZadarma } from './zadarma.api.js';

const api = declareZadarma();

describe('the address of a recording', () => {
  it.each(['https://zadarma.com/record.mp3', 'https://my.zadarma.com/a?key=1', 'https://api.zadarma.com/v1/pbx/record/'])(
    'is opened at Zadarma: %s',
    (link) => {
      expect(() => api.refuseUnlessOwn(link)).not.toThrow();
    },
  );

  it.each([
    'https://zadarma.com.example/record.mp3',
    'https://notzadarma.com/record.mp3',
    'https://example.org/zadarma.com',
    'https://zadarma.com@example.org/record.mp3',
    'http://my.zadarma.com/record.mp3',
    'file:///etc/zadarma.com',
    'record.mp3',
    '',
  ])('is opened nowhere else: %j', (link) => {
    expect(() => api.refuseUnlessOwn(link)).toThrow(expect.objectContaining({ kind: 'unavailable' }));
  });

  it('of the double is opened there', () => {
    const double = declareZadarma('http://127.0.0.1:4100/');
    expect(() => double.refuseUnlessOwn('http://127.0.0.1:4100/record.mp3')).not.toThrow();
    expect(() => double.refuseUnlessOwn('http://127.0.0.1:4101/record.mp3')).toThrow();
  });
});
