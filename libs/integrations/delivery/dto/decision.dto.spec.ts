import { describe, expect, it } from '@jest/globals';
import { toDecision } from './decision.dto.js';

const present = { countryIso: 'RU', region: 'Москва', city: 'Москва', index: '125047', text: 'ул. Лесная, 7' };

describe('a decision', () => {
  it.each([
    [{ kind: 'return' as const }, { kind: 'return' }],
    [{ kind: 'clientReturn' as const }, { kind: 'clientReturn' }],
    [
      { kind: 'keep' as const, date: '2026-03-05' },
      { kind: 'keep', until: '2026-03-05' },
    ],
    [
      { kind: 'deliver' as const, date: '2026-03-05' },
      { kind: 'deliver', date: '2026-03-05' },
    ],
    [
      { kind: 'deliver' as const, date: '2026-03-05', from: '09:00', to: '14:00', point: 'MSK5' },
      { kind: 'deliver', date: '2026-03-05', time: { from: '09:00', to: '14:00' }, to: { countryIso: 'RU', terminal: 'MSK5' } },
    ],
    [
      { kind: 'deliver' as const, date: '2026-03-05', address: 'ул. Новая, 1' },
      {
        kind: 'deliver',
        date: '2026-03-05',
        to: { countryIso: 'RU', region: 'Москва', index: '125047', city: 'Москва', text: 'ул. Новая, 1' },
      },
    ],
    // Region and postal code belong to the former city.
    [
      { kind: 'deliver' as const, date: '2026-03-05', address: 'ул. Новая, 1', city: 'Тула' },
      { kind: 'deliver', date: '2026-03-05', to: { countryIso: 'RU', city: 'Тула', text: 'ул. Новая, 1' } },
    ],
  ])('%j is read', (dto, decision) => {
    expect(toDecision(dto, present)).toEqual(decision);
  });

  it('needs a day, unless the parcel returns', () => {
    expect(() => toDecision({ kind: 'keep' })).toThrow('date is required');
    expect(() => toDecision({ kind: 'deliver', point: 'MSK5' })).toThrow('date is required');
  });
});
