import { expect, it } from '@jest/globals';
import { ProviderError } from '#provider-kit';
import { attempt, orError } from './errors.js';
import type { ProviderSubject } from './subject.js';

/** Most items of a lookup. */
const MOST_ITEMS = 50;
const ODD_TERMS = ['', ' ', "'; DROP TABLE x; --", '%', '\u0000', '<b>', 'я'.repeat(300), '__proto__'];

/** Tests that `lookUp` finds items by any term. */
export function testLookUp<S extends object>(getSubject: () => ProviderSubject<S>): void {
  it('returns the searched item, at most 50 items, and nothing for an unknown term', async () => {
    const { provider, context } = getSubject();
    const { lookups = {} } = getSubject().samples ?? {};
    expect(Object.keys(lookups).sort()).toEqual([...(provider.manifest.lookups ?? [])].sort());
    for (const [name, { term, value }] of Object.entries(lookups))
      await attempt(`lookUp("${name}", "${term}")`, async () => {
        for (const one of [term, term.toUpperCase(), ''])
          for (const item of (await provider.lookUp?.(name, one, context)) ?? []) {
            expect(item.label).toMatch(/\S/);
            expect(typeof item.value).toBe(typeof value);
          }
        const found = (await provider.lookUp?.(name, term, context)) ?? [];
        expect(found.map((item) => item.value)).toContain(value);
        expect(found.length).toBeLessThanOrEqual(MOST_ITEMS);
        expect(await provider.lookUp?.(name, 'zzz nothing has this name', context)).toEqual([]);
      });
  });

  it('any search term succeeds or fails with a ProviderError', async () => {
    const { provider, context } = getSubject();
    for (const name of provider.manifest.lookups ?? []) {
      for (const term of ODD_TERMS)
        await attempt(`lookUp("${name}", ${JSON.stringify(term)})`, async () => {
          const found = await orError(() => provider.lookUp?.(name, term, context), getSubject());
          if (!(found instanceof ProviderError)) expect(found?.length).toBeLessThanOrEqual(MOST_ITEMS);
        });
    }
  });
}
