import { describe, expect, it } from '@jest/globals';
import type { ProviderWidgetRow } from '#provider-kit';
import { buildProviderSection, findProviderAction, listProviderActions, listSwitchedOf } from './provider-rows.js';

const say = (text: string) => ({ en: text, es: `${text} (es)`, ru: `${text} (ru)` });
const build = (row: Partial<ProviderWidgetRow>, data: Record<string, unknown> | undefined, language = 'en') =>
  buildProviderSection({ title: say('Acme'), widget: { rows: [{ label: say('Hub'), field: 'hub', ...row }] } }, data, language);

describe('rows of a provider', () => {
  it.each<[string, Partial<ProviderWidgetRow>, unknown, object]>([
    ['a text', {}, 'H 7', { text: 'H 7' }],
    ['several values', {}, ['a', 'b'], { text: 'a, b' }],
    ['a number', {}, 7, { text: '7' }],
    ['a code in words', { values: { a: say('Fitting') } }, ['a', 'b'], { text: 'Fitting, b' }],
    ['yes', { values: { true: say('yes') } }, true, { text: 'yes' }],
    ['a link', { link: 'https://acme.example/{value}?n=1' }, 'H/7', { text: 'H/7', href: 'https://acme.example/H%2F7?n=1' }],
    ['a value to copy', { copy: true }, 'H7', { text: 'H7', copy: true }],
  ])('show %s', (_title, row, hub, shown) => {
    expect(build(row, { hub })).toEqual([{ title: 'Acme', rows: [{ label: 'Hub', ...shown }] }]);
  });

  it('are in the language of the request', () => {
    expect(build({}, { hub: 'x' }, 'ru')).toEqual([{ title: 'Acme (ru)', rows: [{ label: 'Hub (ru)', text: 'x' }] }]);
  });

  it.each([undefined, {}, { hub: '' }, { hub: [] }, { hub: { inner: 1 } }, { hub: null }])('are left out without a value: %j', (data) => {
    expect(build({}, data)).toEqual([]);
  });

  it('are left out if the provider adds none, and never read inherited members', () => {
    expect(buildProviderSection({ title: say('Acme') }, { hub: 'x' }, 'en')).toEqual([]);
    expect(build({ field: 'constructor' }, { hub: 'x' })).toEqual([]);
    expect(build({ values: {} }, { hub: 'constructor' })).toMatchObject([{ rows: [{ text: 'constructor' }] }]);
  });
});

describe('actions of a provider', () => {
  const manifest = {
    code: 'acme',
    widget: {
      actions: [
        { id: 'ring', label: say('Ring'), states: ['at-point'], hasEffect: true },
        { id: 'look', label: say('Look'), hasEffect: false },
      ],
    },
  };
  const list = (state: { code: string; isFinal?: boolean }, ...allowed: string[]): string[] =>
    listProviderActions(manifest, 'delivery:1', state, new Set(allowed), 'en').map(({ action }) => action);

  it('with an effect are switched by names that contain the provider', () => {
    expect(listSwitchedOf(manifest)).toEqual([{ action: 'press.acme.ring', title: say('Ring') }]);
    expect(list({ code: 'at-point' }, 'press.acme.ring')).toEqual(['press.acme.ring', 'press.acme.look']);
    expect(list({ code: 'at-point' }, 'press.other.ring')).toEqual(['press.acme.look']);
  });

  it('are offered in their states, by default in all that are not final', () => {
    expect(list({ code: 'collected' }, 'press.acme.ring')).toEqual(['press.acme.look']);
    expect(list({ code: 'lost', isFinal: true }, 'press.acme.ring')).toEqual([]);
  });

  it('are found by their names only', () => {
    expect(findProviderAction(manifest, 'press.acme.look')?.id).toBe('look');
    expect(findProviderAction(manifest, 'press.other.look')).toBeUndefined();
  });
});
