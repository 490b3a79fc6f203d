import { beforeEach, describe, expect, it, jest } from '@jest/globals';
import { ref } from 'vue';
import type { Language } from '../../kit/language.js';
import { FormState } from './form-state.js';
import { buildRow, findEntries, type Json, listCodes, type ListEntry, type SecretEntry, type TextEntry } from './form-values.js';
import { Lookups } from './lookups.js';
import { makeField, makeText } from './spec-fields.js';

const schema = {
  sections: ['connect', 'zones', 'other'].map((code) => ({ code, title: makeText(code) })),
  fields: [
    makeField('key', { secret: true, section: 'connect' }),
    makeField('zones', {
      ...{ type: 'list', itemKey: 'code', section: 'zones' },
      fields: [
        makeField('code'),
        makeField('prices', { type: 'list', required: false, fields: [makeField('amount', { type: 'number' })] }),
      ],
    }),
    makeField('note', { required: false, section: 'other' }),
  ],
};
const VALUES: { [name: string]: Json } = {
  key: { set: true },
  zones: [{ code: 'a', prices: [{ amount: 1 }, { amount: 2 }] }, { code: 'b' }],
};

describe('a form that is shown', () => {
  let form: FormState;
  const at = (path: string): TextEntry => findEntries(form.root, path).trail.at(-1) as TextEntry;
  const zones = (): ListEntry => findEntries(form.root, 'zones').trail.at(-1) as ListEntry;
  const states = (): unknown => {
    jest.advanceTimersByTime(1_000);
    return form.states.value;
  };

  beforeEach(() => {
    jest.useFakeTimers();
    form = new FormState(new Lookups(() => Promise.resolve(undefined)), ({ kind }) => kind, ref<Language>('en'));
    form.load(schema, VALUES);
  });

  it('shows the progress of each section', () => {
    expect(states()).toEqual({ connect: 'done', zones: 'done', other: 'empty' });
    form.change(at('zones[1].code'), { text: '' });
    form.change(at('note'), { text: 'x' });
    expect(states()).toEqual({ connect: 'done', zones: 'todo', other: 'done' });
    form.mark({ 'zones[0].prices[1].amount': 'is too much', key: 'is weak' }, 'bad');
    expect(states()).toEqual({ connect: 'error', zones: 'error', other: 'done' });
  });

  it('reports whether anything differs from the stored values', () => {
    expect(form.isDirty.value).toBe(false);
    form.change(at('note'), { text: 'x' });
    expect(form.isDirty.value).toBe(true);
    form.change(at('note'), { text: ' ' });
    expect(form.isDirty.value).toBe(false);
    form.fill({ note: 'preset' });
    expect([form.isDirty.value, form.read()]).toEqual([true, { ...VALUES, note: 'preset' }]);
    form.load(schema, form.read());
    expect(form.isDirty.value).toBe(false);
    form.replace({ ...VALUES, note: 'draft' });
    expect(form.isDirty.value).toBe(true);
  });

  it('marks fields that the page finds wrong, in any section', () => {
    expect(form.validate()).toBe(true);
    const amount = at('zones[0].prices[1].amount');
    form.change(amount, { text: 'much' });
    expect(form.validate()).toBe(false);
    expect(form.messageOf(amount)).toMatchObject({ text: 'Number', tone: 'bad' });
    const [first, second] = zones().rows;
    expect([form.hasErrorWithin(first!), form.hasErrorWithin(second!)]).toEqual([true, false]);
    // A field's message no longer applies once the field is changed.
    form.change(amount, { text: '3' });
    expect([form.messageOf(amount), form.hasErrorWithin(first!)]).toEqual([undefined, false]);
  });

  it('puts messages at the fields that they are about, and returns the others', () => {
    expect(
      form.mark({ 'zones[1].code': 'is taken', 'zones[7].code': 'is gone', '': 'The shop is shut', gone: 'is unknown' }, 'bad'),
    ).toEqual(['The shop is shut', 'gone is unknown']);
    expect(form.messageOf(at('zones[1].code'))?.text).toBe('Is taken');
    expect(form.messageOf(zones())?.text).toBe('7.code is gone');
  });

  it('keeps an error where there is a warning too', () => {
    form.mark({ note: 'is wrong' }, 'bad');
    form.mark({ note: 'is weak', key: 'is weak' }, 'warn');
    expect([form.messageOf(at('note'))?.tone, form.messageOf(at('key'))?.tone]).toEqual(['bad', 'warn']);
    expect(form.listMarked()).toEqual(['connect', 'other']);
  });

  it('adds, moves and removes rows together with their messages', () => {
    form.addRow(zones(), buildRow(zones().field, { code: 'c' }), 0);
    expect((form.read() as { zones: { code: string }[] }).zones.map(({ code }) => code)).toEqual(['c', 'a', 'b']);
    form.moveRow(zones(), zones().rows[0]!, 1);
    form.moveRow(zones(), zones().rows[0]!, -1);
    expect((form.read() as { zones: { code: string }[] }).zones.map(({ code }) => code)).toEqual(['a', 'c', 'b']);
    form.mark({ 'zones[0].prices[0].amount': 'is too much' }, 'bad');
    form.removeRow(zones(), zones().rows[0]!);
    expect((form.read() as { zones: { code: string }[] }).zones.map(({ code }) => code)).toEqual(['c', 'b']);
    expect(states()).toMatchObject({ zones: 'done' });
  });

  describe('with amounts', () => {
    const amounts = {
      fields: [
        makeField('zones', {
          type: 'list',
          fields: [
            makeField('currency', { codesOf: '@currencies' }),
            makeField('prices', { type: 'list', fields: [makeField('price', { type: 'integer', moneyIn: 'currency', max: 100_000 })] }),
          ],
        }),
        makeField('fee', { type: 'integer', isBasisPoints: true }),
      ],
    };
    const values = { zones: [{ currency: 'RUB', prices: [{ price: 35_050 }] }], fee: 150 };
    const price = (): TextEntry => at('zones[0].prices[0].price');
    const message = (): string | undefined => form.messageOf(price())?.text;

    beforeEach(() => {
      form = new FormState(new Lookups(() => Promise.resolve(undefined)), ({ kind, limit }) => `${kind} ${limit}`, ref<Language>('en'));
      form.load(amounts, values);
    });

    it('shows currency units and percent, and keeps what is stored', () => {
      expect([form.showText(price()), form.currencyOf(price()), form.showText(at('fee'))]).toEqual(['350.50', 'RUB', '1.50']);
      expect(form.read()).toEqual(values);
    });

    it('keeps the shown amount when its currency has other digits', () => {
      form.change(at('zones[0].currency'), { text: 'KWD' });
      expect([form.showText(price()), price().text]).toEqual(['350.500', '350500']);
      form.change(at('zones[0].currency'), { text: 'CLP' });
      expect([form.showText(price()), form.validate(), message()]).toEqual(['350.500', false, 'Whole undefined']);
      form.change(at('zones[0].currency'), { text: 'EUR' });
      expect([form.showText(price()), form.read()]).toEqual(['350.50', { ...values, zones: [{ ...values.zones[0], currency: 'EUR' }] }]);
    });

    it('describes problems in the units that are shown', () => {
      form.change(price(), { text: '35055.5' });
      expect([form.validate(), message()]).toEqual([false, 'Digits 2']);
      form.change(price(), { text: '100001' });
      expect([form.validate(), message()]).toEqual([false, 'Max 1000']);
    });

    it('finds the currency of rows that were added later', () => {
      const prices = findEntries(form.root, 'zones[0].prices').trail.at(-1) as ListEntry;
      form.addRow(prices, buildRow(prices.field, { price: 5 }));
      expect(form.showText(at('zones[0].prices[1].price'))).toBe('0.05');
    });
  });

  describe('with a list that was left out', () => {
    let asked: string[];
    const all = VALUES['zones'] as Json[];

    beforeEach(() => {
      asked = [];
      const readRows = async (list: string): Promise<Json[]> => {
        asked.push(list);
        if (asked.length === 1) throw new Error('away');
        return all;
      };
      form = new FormState(new Lookups(() => Promise.resolve(undefined)), ({ kind }) => kind, ref<Language>('en'), false, readRows);
      form.load(schema, { ...VALUES, zones: { rows: 2 } });
    });

    it('sends its placeholder, and does not contain its code', () => {
      form.change(at('note'), { text: 'x' });
      expect([form.validate(), form.read()]).toEqual([true, { ...VALUES, zones: { rows: 2 }, note: 'x' }]);
      expect([states(), listCodes(form.root, 'zones', 'en')]).toEqual([{ connect: 'done', zones: 'done', other: 'done' }, undefined]);
    });

    it('reads it once it is wanted, again where that failed, and has nothing changed by it', async () => {
      await expect(form.fetchRows(zones())).rejects.toThrow('away');
      const changes = form.changes.value;
      await Promise.all([form.fetchRows(zones()), form.fetchLists(['zones', 'note'])]);
      await form.fetchRows(zones());
      expect([asked, form.changes.value, form.listChanged()]).toEqual([['zones', 'zones'], changes, []]);
      expect([form.read(), form.stored]).toEqual([VALUES, VALUES]);
      form.change(at('zones[1].code'), { text: 'c' });
      expect(form.listChanged()).toEqual(['zones']);
    });
  });

  it('applies values that another user stored, and keeps the local changes with their secrets', () => {
    form.addRow(zones(), buildRow(zones().field, { code: 'c' }));
    form.change(findEntries(form.root, 'key').trail[1] as SecretEntry, { text: 'new' });
    form.rebase(schema, { ...VALUES, note: 'theirs', zones: [{ code: 'b' }, { code: 'd' }] });
    expect(form.read()).toEqual({ key: 'new', note: 'theirs', zones: [{ code: 'b' }, { code: 'd' }, { code: 'c' }] });
    expect(form.listChanged()).toEqual(['key', 'zones']);
  });

  it('counts thousands of rows without being slow to type in', () => {
    const points: Json = Array.from({ length: 3_000 }, (_, index) => ({ code: `p${index}`, prices: [{ amount: index }] }));
    form.load(schema, { ...VALUES, zones: points });
    form.change(at('note'), { text: 'x' });
    expect(form.isDirty.value).toBe(true);
    expect((form.read() as { zones: unknown[] }).zones).toHaveLength(3_000);
  });
});
