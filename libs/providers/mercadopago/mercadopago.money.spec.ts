import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { ProviderError, toMoney } from '#provider-kit';
import { formatMercadoPagoAmount, readMercadoPagoAmount, toMercadoPagoAmount } from './mercadopago.money.js';
import { COUNTRIES } from './seller.js';

const CURRENCIES = [...COUNTRIES.values()].map(({ currency }) => currency);

describe('amounts of Mercado Pago', () => {
  it.each([
    [100_050, 'ARS', '1000.50'],
    [5, 'BRL', '0.05'],
    [249_900, 'MXN', '2499.00'],
    [15_000, 'CLP', '15000'],
    [1_500_000, 'COP', '15000'],
    [1, 'PEN', '0.01'],
    [100, 'UYU', '1.00'],
  ])('%i of %s is %s', (minor, currency, text) => {
    expect(formatMercadoPagoAmount(toMoney(minor, currency))).toBe(text);
    expect(readMercadoPagoAmount(text, currency)).toEqual(toMoney(minor, currency));
  });

  it('have no cents of Colombian pesos: the amount is named, nothing is rounded', () => {
    expect(formatMercadoPagoAmount(toMoney(1_500_050, 'COP'))).toBeUndefined();
    const error = catchError(() => toMercadoPagoAmount(toMoney(1_500_050, 'COP')));
    expect(error).toMatchObject({ kind: 'invalid', fields: { amount: { es: 'los importes en COP deben ser enteros, sin decimales' } } });
  });

  it('are read whatever digits they come with, without floating point', () => {
    expect(readMercadoPagoAmount('15000.00', 'COP')).toEqual(toMoney(1_500_000, 'COP'));
    expect(readMercadoPagoAmount('15000.0', 'CLP')).toEqual(toMoney(15_000, 'CLP'));
    expect(readMercadoPagoAmount('1.1', 'BRL')).toEqual(toMoney(110, 'BRL'));
    expect(readMercadoPagoAmount(40.5, 'ARS')).toEqual(toMoney(4_050, 'ARS'));
    for (const text of ['', 'abc', '-1', '1.005', '1,5', '1e3', '0x10', '15000.50x'])
      expect(catchError(() => readMercadoPagoAmount(text, 'ARS'))).toMatchObject({
        ...{ kind: 'unavailable', localText: { es: expect.any(String), ru: expect.any(String) } },
      });
    expect(catchError(() => readMercadoPagoAmount('15000.50', 'CLP')).kind).toBe('unavailable');
  });

  it('come back as they went', () => {
    fc.assert(
      fc.property(fc.nat(), fc.constantFrom(...CURRENCIES), (minor, currency) => {
        const amount = toMoney(minor, currency);
        const text = formatMercadoPagoAmount(amount);
        expect(text === undefined ? minor % 100 : readMercadoPagoAmount(text, currency)).toEqual(
          text === undefined ? expect.anything() : amount,
        );
        if (text === undefined) expect([currency, minor % 100 === 0]).toEqual(['COP', false]);
      }),
    );
  });
});

function catchError(work: () => unknown): ProviderError {
  try {
    work();
  } catch (error) {
    if (error instanceof ProviderError) return error;
    throw error;
  }
  throw new Error('it should have failed');
}
