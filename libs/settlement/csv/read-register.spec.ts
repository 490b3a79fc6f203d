import { describe, expect, it } from '@jest/globals';
import type { RegisterRow } from '#provider-kit';
import { readRegister, type RegisterFile, RegisterFileReport } from './read-register.js';
import { RegisterLayout } from './register-layout.js';

const FILE: RegisterFile = { kind: 'payout', currency: 'RUB', timeZone: 'Europe/Moscow' };
const LAYOUT: RegisterLayout = Object.assign(new RegisterLayout(), {
  ...{ reference: 'Номер заказа', trackNumber: 'Трек', gross: 'Принято', date: 'Дата' },
  fees: [
    { column: 'Комиссия', code: 'commission' },
    { column: 'Доставка', code: 'delivery' },
  ],
});

/** The bytes of a text in Windows-1251, which Node.js only reads. */
function encode1251(text: string): Uint8Array {
  const decoder = new TextDecoder('windows-1251');
  const bytes = new Map(Array.from({ length: 256 }, (_, byte) => [decoder.decode(Uint8Array.of(byte)), byte]));
  return Uint8Array.from(text, (character) => bytes.get(character) ?? 0x3f);
}

async function* toChunks(bytes: Uint8Array, size = 7): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

async function read(
  content: string | Uint8Array,
  layout: Partial<RegisterLayout> = {},
  file: Partial<RegisterFile> = {},
): Promise<{ rows: RegisterRow[]; report: RegisterFileReport }> {
  const report = new RegisterFileReport();
  const bytes = typeof content === 'string' ? new TextEncoder().encode(content) : content;
  const rows: RegisterRow[] = [];
  for await (const row of readRegister(toChunks(bytes), { ...LAYOUT, ...layout }, { ...FILE, ...file }, report)) rows.push(row);
  return { rows, report };
}

describe('a register as CSV', () => {
  it('is read with semicolons, decimal commas and Windows-1251, below lines of a letterhead', async () => {
    const file = [
      'ООО «Служба доставки»;;;;;',
      'Реестр № 17 от 01.12.2026',
      'Номер заказа;Трек;Дата;Принято;Комиссия;Доставка',
      '1001;TR-1;30.11.2026;1 234,50;37,04;250',
      '1002;;30.11.2026;-100,00;;',
      '1003;TR-3;;0;;"1.250,10"',
    ];
    const { rows, report } = await read(encode1251(file.join('\r\n')), { encoding: 'windows-1251' });
    expect(report).toMatchObject({ bad: 0, columns: ['Номер заказа', 'Трек', 'Дата', 'Принято', 'Комиссия', 'Доставка'] });
    expect(rows).toEqual([
      {
        ...{ line: 4, reference: '1001', trackNumber: 'TR-1', kind: 'sale', gross: 123_450, net: 94_746 },
        fees: [
          { code: 'commission', minor: 3_704 },
          { code: 'delivery', minor: 25_000 },
        ],
        at: new Date('2026-11-30T00:00:00+03:00'),
      },
      { line: 5, reference: '1002', kind: 'refund', gross: -10_000, net: -10_000, fees: [], at: new Date('2026-11-30T00:00:00+03:00') },
      {
        ...{ line: 6, reference: '1003', trackNumber: 'TR-3', kind: 'fee', gross: 0, net: -125_010 },
        fees: [{ code: 'delivery', minor: 125_010 }],
      },
    ]);
  });

  it('is exact in currencies of 0 to 3 digits', async () => {
    const layout = {
      delimiter: ',' as const,
      decimal: '.' as const,
      reference: 'id',
      trackNumber: undefined,
      gross: 'sum',
      date: undefined,
      fees: [],
    };
    const amount = async (currency: string, text: string): Promise<number | string> => {
      const { rows, report } = await read(`id,sum\n1,"${text}"\n`, layout as never, { currency });
      return rows[0]?.gross ?? report.badLines[0]?.reason ?? '';
    };
    expect(await amount('JPY', '1,250')).toBe(1_250);
    expect(await amount('RUB', '0.29')).toBe(29);
    expect(await amount('KWD', '1.005')).toBe(1_005);
    expect(await amount('JPY', '1.5')).toBe('contains "1.5", which is not an amount in JPY');
    expect(await amount('RUB', '1,25')).toBe('contains "1,25", which is not an amount in RUB');
  });

  it('has each unreadable line with its number and reason, and the other rows', async () => {
    const file = [
      'Номер заказа;Трек;Дата;Принято;Комиссия;Доставка',
      '1;T1;01.12.2026;ten;;',
      '2;T2;2026-12-01;10;;',
      ';;01.12.2026;10;;',
      '4;T"4;01.12.2026;10;;',
      '5;T5;01.12.2026;10;;',
    ];
    const { rows, report } = await read(file.join('\n'));
    expect(rows).toMatchObject([{ line: 6, reference: '5', gross: 1_000 }]);
    expect(report).toMatchObject({
      bad: 4,
      badLines: [
        { line: 2, problem: 'amount', value: 'ten', reason: 'contains "ten", which is not an amount in RUB' },
        { line: 3, reason: 'contains "2026-12-01", which is not a date as dd.MM.yyyy' },
        { line: 4, reason: 'has no number of a delivery or payment' },
        { line: 5, reason: 'is not valid CSV' },
      ],
    });
  });

  it('of another encoding, with other columns or with endless lines is unreadable', async () => {
    const wrong = await read(encode1251('Номер заказа;Трек'));
    expect(wrong.report.badLines.map(({ reason }) => reason)).toContain('or a line below it is not utf-8 text');
    const other = await read('a;b\n1;2\n');
    expect(other).toMatchObject({ rows: [], report: { columns: ['a', 'b'], bad: 1 } });
    expect(other.report.badLines[0]?.reason).toMatch(/must contain the columns Трек, Номер заказа/);
    expect((await read(';'.repeat(70_000))).report.badLines[0]).toMatchObject({ reason: 'is too long' });
  });

  it('of the cabinet of Mercado Pago has fees as positive amounts, also where the file has negative ones', async () => {
    const layout: Partial<RegisterLayout> = {
      ...{ delimiter: ',', decimal: '.', dateFormat: "yyyy-MM-dd'T'HH:mm:ss.SSSZZ" },
      ...{ reference: 'EXTERNAL_REFERENCE', externalId: 'SOURCE_ID', gross: 'TRANSACTION_AMOUNT', net: 'SETTLEMENT_NET_AMOUNT' },
      ...{ date: 'TRANSACTION_DATE', fees: [{ column: 'FEE_AMOUNT', code: 'commission' }] },
    };
    const file = [
      'EXTERNAL_REFERENCE,SOURCE_ID,TRANSACTION_TYPE,TRANSACTION_DATE,TRANSACTION_AMOUNT,FEE_AMOUNT,SETTLEMENT_NET_AMOUNT,SETTLEMENT_CURRENCY',
      'A-1,9001,SETTLEMENT,2026-11-05T10:12:00.000-03:00,1480.00,-103.60,1376.40,ARS',
      'A-1,9001,REFUND,2026-11-06T11:00:00.000-03:00,-740.00,51.80,-688.20,ARS',
      'A-2,9002,SETTLEMENT,2026-11-06T12:00:00.000-03:00,100.00,5.00,95.00,ARS',
    ];
    const { rows, report } = await read(file.join('\n'), { trackNumber: undefined as never, ...layout }, { currency: 'ARS' });
    expect(report.bad).toBe(0);
    expect(rows).toMatchObject([
      { kind: 'sale', reference: 'A-1', gross: 148_000, net: 137_640, fees: [{ minor: 10_360 }], at: new Date('2026-11-05T13:12:00Z') },
      { kind: 'refund', externalId: '9001', gross: -74_000, net: -68_820, fees: [{ minor: -5_180 }] },
      { kind: 'sale', reference: 'A-2', gross: 10_000, net: 9_500, fees: [{ minor: 500 }] },
    ]);
  });

  it('of a bill has only fees', async () => {
    const { rows } = await read('Номер заказа;Трек;Дата;Принято;Комиссия;Доставка\n1;;;99;;120,5\n', {}, { kind: 'bill' });
    expect(rows).toMatchObject([{ kind: 'fee', gross: 0, fees: [{ code: 'delivery', minor: 12_050 }] }]);
  });

  it('has one fee of two columns with the same code', async () => {
    const fees = ['Комиссия', 'Доставка'].map((column) => ({ column, code: 'commission' }));
    const { rows } = await read('Номер заказа;Трек;Дата;Принято;Комиссия;Доставка\n1;;;99;5;5\n', { fees });
    expect(rows).toMatchObject([{ gross: 99_00, fees: [{ code: 'commission', minor: 10_00 }], net: 89_00 }]);
  });
});
