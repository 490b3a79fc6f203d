import { describe, expect, it } from '@jest/globals';
import { BadInputError } from '#platform';
import { LedgerSettings } from '../ledger.settings.js';
import { type LineRules, formatProblem, readStockLine } from './stock-line.js';

const rules: LineRules = { mode: 'set', currency: 'RUB', settings: new LedgerSettings() };
const line = { xmlId: 'a', store: 'main', quantity: 1 };

function findProblems(value: object, changes: Partial<LineRules> = {}): Record<string, string> {
  try {
    readStockLine(value, { ...rules, ...changes });
  } catch (error) {
    if (error instanceof BadInputError) return error.errors;
    throw error;
  }
  return {};
}

describe('a line', () => {
  it('is read with exact quantities and prices', () => {
    expect(
      readStockLine(
        { id: '7', xmlId: 'a', externalId: '', site: null, store: 'main', quantity: '0.1', purchasePrice: 19.99, name: 'Tea' },
        rules,
      ),
    ).toEqual({
      id: 7,
      xmlId: 'a',
      store: 'main',
      quantity: 100_000,
      priceMinor: 1999,
    });
    expect(readStockLine({ ...line, purchasePrice: 5 }, { ...rules, currency: 'JPY' }).priceMinor).toBe(5);
  });

  it.each([
    [{ store: 'main', quantity: 1 }, 'id'],
    [{ ...line, xmlId: 'x'.repeat(256) }, 'xmlId'],
    [{ ...line, store: undefined }, 'store'],
    [{ ...line, quantity: undefined }, 'quantity'],
    [{ ...line, quantity: 'many' }, 'quantity'],
    [{ ...line, quantity: 1e10 }, 'quantity'],
    [{ ...line, quantity: -1 }, 'quantity'],
    [{ ...line, quantity: 0.0000001 }, 'quantity'],
    [{ ...line, purchasePrice: -1 }, 'purchasePrice'],
    [{ ...line, purchasePrice: 1.001 }, 'purchasePrice'],
    [{ ...line, id: 1.5 }, 'id'],
    [{ ...line, id: 0 }, 'id'],
  ])('%j is refused for its %s', (value, field) => {
    expect(Object.keys(findProblems(value))).toEqual([field]);
  });

  it('may go down where it adjusts, and below zero where the settings allow it', () => {
    expect(findProblems({ ...line, quantity: -1 }, { mode: 'adjust' })).toEqual({});
    expect(findProblems({ ...line, quantity: -1 }, { settings: Object.assign(new LedgerSettings(), { allowNegative: true }) })).toEqual({});
  });

  it('needs a currency for its price only', () => {
    expect(Object.keys(findProblems({ ...line, purchasePrice: 1 }, { currency: undefined }))).toEqual(['purchasePrice']);
    expect(findProblems(line, { currency: undefined })).toEqual({});
  });

  it('belongs to a warehouse of the settings, by default the main one', () => {
    const settings = Object.assign(new LedgerSettings(), { stores: [{ code: 'main', counts: 'quantity' }], mainStore: 'main' });
    expect(readStockLine({ xmlId: 'a', quantity: 1 }, { ...rules, settings }).store).toBe('main');
    expect(Object.keys(findProblems({ ...line, store: 'mian' }, { settings }))).toEqual(['store']);
  });

  it('is reported as wrong in one sentence', () => {
    expect(formatProblem(new BadInputError({ id: 'is required', store: 'is none' }))).toBe('id is required; store is none');
  });
});
