import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { CLOSED, openList, pressKey } from './combobox-state.js';
import { FieldSearch, type LookupAnswer, type LookupItem, Lookups } from './lookups.js';

const ITEMS: LookupItem[] = [
  { value: 'mad', label: 'Madrid' },
  { value: 'bcn', label: 'Barcelona' },
  { value: 7, label: 'Seven' },
];

describe("a page's lookups", () => {
  let terms: string[];
  let answers: Record<string, LookupAnswer>;
  let lookups: Lookups;

  beforeEach(() => {
    terms = [];
    answers = { '': { items: ITEMS, more: false } };
    lookups = new Lookups((name, term) => {
      terms.push(`${name}:${term}`);
      return Promise.resolve(answers[term] ?? { items: [], more: false });
    });
  });

  it('name the values of many fields by one question', async () => {
    const found = await Promise.all(['mad', ' bcn ', '7', 'gone', ''].map((value) => lookups.load('cities', value)));
    expect(found.map((item) => item?.label)).toEqual(['Madrid', 'Barcelona', 'Seven', undefined, undefined]);
    expect(terms).toEqual(['cities:']);
    expect(lookups.find('stores', 'mad')).toBeUndefined();
  });

  it('ask for a value itself where there is more, once and one after the other', async () => {
    answers = { '': { items: ITEMS, more: true }, val: { items: [{ value: 'val', label: 'Valencia' }], more: false } };
    const found = await Promise.all(['mad', 'val', 'val', 'gone'].map((value) => lookups.load('cities', value)));
    expect(found.map((item) => item?.label)).toEqual(['Madrid', 'Valencia', 'Valencia', undefined]);
    await lookups.load('cities', 'gone');
    expect(terms).toEqual(['cities:', 'cities:val', 'cities:gone']);
  });

  it('do not ask for hundreds of values one by one', async () => {
    answers = { '': { items: ITEMS, more: true } };
    await Promise.all(Array.from({ length: 300 }, (_, value) => lookups.load('cities', `x${value}`)));
    expect(terms).toHaveLength(21);
  });

  it('query again after a refusal, and after a reset', async () => {
    answers = { '': { reason: 'The key may not.' } };
    expect(await lookups.load('cities', 'mad')).toBeUndefined();
    answers = { '': { items: ITEMS, more: false } };
    expect(await lookups.list('cities')).toEqual(answers['']);
    await lookups.list('cities');
    expect(terms).toHaveLength(2);
    lookups.forget();
    await lookups.list('cities');
    expect(terms).toHaveLength(3);
  });

  it('ask for at most a hundred characters', async () => {
    await lookups.search('cities', ` ${'x'.repeat(200)}`);
    expect(terms).toEqual([`cities:${'x'.repeat(100)}`]);
  });
});

describe("a field's search", () => {
  beforeEach(() => void jest.useFakeTimers());
  afterEach(() => void jest.useRealTimers());

  it('waits for a pause in typing, and shows only the newest answer', async () => {
    const running = new Map<string, (answer: LookupAnswer) => void>();
    const search = new FieldSearch((term) => new Promise((resolve) => running.set(term, resolve)));
    const shown: LookupAnswer[] = [];
    const start = (term: string): void => search.start(term, 250, (answer) => shown.push(answer));
    start('m');
    jest.advanceTimersByTime(249);
    start('ma');
    jest.advanceTimersByTime(250);
    expect([...running.keys()]).toEqual(['ma']);
    start('mad');
    jest.advanceTimersByTime(250);
    running.get('mad')?.({ items: ITEMS, more: false });
    running.get('ma')?.({ reason: 'too late' });
    await jest.advanceTimersByTimeAsync(0);
    expect(shown).toEqual([{ items: ITEMS, more: false }]);
    start('madr');
    search.stop();
    await jest.advanceTimersByTimeAsync(1000);
    expect([[...running.keys()], shown.length]).toEqual([['ma', 'mad'], 1]);
  });
});

describe("a combobox's list", () => {
  const typed = openList(ITEMS, 'ma', false);

  it.each([
    ['typed text', 'ma', false, -1],
    ['a key', 'ma', true, 0],
    ['a key, in a field that has an item', ' bcn ', true, 1],
    ['a click, in a field that has an item', '7', false, 2],
  ])('opened by %s', (_, text, isByKey, active) => {
    expect(openList(ITEMS, text, isByKey)).toEqual({ items: ITEMS, isOpen: true, active });
    expect(openList([], text, isByKey)).toBe(CLOSED);
  });

  it.each([
    ['ArrowDown', -1, 0],
    ['ArrowDown', 2, 0],
    ['ArrowUp', -1, 2],
    ['ArrowUp', 1, 0],
    ['ArrowUp', 0, 2],
  ])('%s goes on from %p to %p', (key, active, next) => {
    expect(pressKey({ ...typed, active }, key)).toEqual({ state: { ...typed, active: next }, isTaken: true });
  });

  it.each([
    ['Enter', 1, true, ITEMS[1]],
    ['Enter', -1, true, undefined],
    ['Tab', 1, false, ITEMS[1]],
    ['Tab', -1, false, undefined],
    ['Escape', 1, true, undefined],
  ])('is closed by %s with mark %p', (key, active, isTaken, chosen) => {
    expect(pressKey({ ...typed, active }, key)).toEqual({ state: CLOSED, isTaken, ...(chosen && { chosen }) });
  });

  it('leaves other keys to the field, and opens only by arrows', () => {
    for (const key of ['a', 'Home', 'Backspace']) expect(pressKey(typed, key)).toEqual({ state: typed, isTaken: false });
    for (const key of ['Enter', 'Tab', 'Escape', 'a'])
      expect(pressKey(CLOSED, key)).toEqual({ state: CLOSED, opens: false, isTaken: false });
    for (const key of ['ArrowDown', 'ArrowUp']) expect(pressKey(CLOSED, key)).toEqual({ state: CLOSED, opens: true, isTaken: true });
  });
});
