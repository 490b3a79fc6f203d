import { describe, expect, it } from '@jest/globals';
import { collectSubjects } from './subjects.js';

describe('what a body is about', () => {
  const list = (body: unknown): string[] => {
    const found: string[] = [];
    collectSubjects(body, (subject) => found.push(subject));
    return found;
  };

  it('is what its fields name, also in a document inside of it', () => {
    expect(list({ save: JSON.stringify({ order: '7', deliveryId: 'd-1', packages: [{ items: [{ offer: 'o-1' }] }] }) })).toEqual([
      'order:7',
      'delivery:d-1',
    ]);
    expect(list({ result: { payment: { paymentId: 5 }, order: { id: 7, number: '7A' } } })).toEqual(['payment:5', 'order:7', 'order:7A']);
  });

  it('is nothing that a field is named after by chance', () => {
    expect(list(JSON.parse('{"constructor": "7", "toString": 8, "__proto__": "9"}'))).toEqual([]);
  });
});
