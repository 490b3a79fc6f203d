import { describe, expect, it } from '@jest/globals';
import { findRule, type RuleFacts } from './choose-rule.js';
import type { DeliveryRule } from './rules.dto.js';

const rows: (DeliveryRule & { name: string })[] = [
  { name: 'entity in msk', store: 'msk', legalEntity: 'ООО «Образец»' },
  { name: 'site', site: 'es' },
  { name: 'msk', store: 'msk', site: '' },
  { name: 'mad', store: ' mad ' },
];

describe('the first row that fits', () => {
  it.each<[RuleFacts, string | undefined]>([
    [{ store: 'msk' }, 'msk'],
    [{ store: 'msk', legalEntity: 'ООО «Образец»' }, 'entity in msk'],
    [{ store: 'msk', legalEntity: 'ООО «Другое»' }, 'msk'],
    [{ store: 'msk', site: 'es' }, 'site'],
    [{ site: 'es' }, 'site'],
    [{ store: 'mad' }, 'mad'],
    [{ store: 'MSK' }, undefined],
    [{}, undefined],
  ])('of %j is %s', (facts, name) => {
    expect(findRule(rows, facts)).toEqual(rows.find((row) => row.name === name));
  });

  it('is one without conditions, wherever the order comes from', () => {
    const all = { contract: 'A' };
    expect(findRule([...rows, all], {})).toBe(all);
    expect(findRule([all, ...rows], { store: 'msk' })).toBe(all);
    expect(findRule([], { store: 'msk' })).toBeUndefined();
  });
});
