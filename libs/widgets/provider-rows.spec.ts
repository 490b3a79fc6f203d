import { describe, expect, it } from '@jest/globals';
import type { ProviderWidgetRow } from '#provider-kit';
import { buildProviderSection } from './provider-rows.js';

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
