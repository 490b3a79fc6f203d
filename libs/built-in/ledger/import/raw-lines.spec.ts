import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { MAX_COLUMNS } from './csv-lines.js';
import type { RawLine } from './raw-line.js';
import { rawLines } from './raw-lines.js';

async function* bytesOf(text: string | Uint8Array, size = 1_000_000): AsyncGenerator<Uint8Array> {
  const bytes = typeof text === 'string' ? Buffer.from(text) : text;
  for (let at = 0; at < bytes.length; at += size) yield await Promise.resolve(bytes.subarray(at, at + size));
}

async function collectLines(text: string | Uint8Array, size?: number): Promise<RawLine[]> {
  const lines: RawLine[] = [];
  for await (const line of rawLines(bytesOf(text, size))) lines.push(line);
  return lines;
}

/** Returns a cell in a spreadsheet's format. */
function quoted(cell: string): string {
  return `"${cell.replaceAll('"', '""')}"`;
}

describe('files of lines', () => {
  it.each([
    ['CSV', 'xmlId,quantity\na,1\n\nb,2'],
    ['NDJSON', '{"xmlId":"a","quantity":"1"}\n\n{"xmlId":"b","quantity":"2"}\n'],
    ['a list', ' [{"xmlId":"a","quantity":"1"}\n,{"xmlId":"b", "quantity":"2"}] '],
  ])('are distinguished by their first character: %s', async (_, text) => {
    expect((await collectLines(text)).map((line) => line.value)).toEqual([
      { xmlId: 'a', quantity: '1' },
      { xmlId: 'b', quantity: '2' },
    ]);
  });

  it('have the line numbers of an editor, and lists have the numbers of their items', async () => {
    expect((await collectLines('xmlId,quantity\n\n"a\nb",1\nc,2')).map((line) => line.line)).toEqual([4, 5]);
    expect((await collectLines('\n{"a":1}\n\n{"a":2}')).map((line) => line.line)).toEqual([2, 4]);
    expect((await collectLines('[\n\n{"a":1},\n\n{"a":2}]')).map((line) => line.line)).toEqual([1, 2]);
  });

  it('may be empty', async () => {
    for (const text of ['', ' \n\t', '[]', '[ \n ]', 'xmlId,quantity', '\ufeff']) expect(await collectLines(text)).toEqual([]);
  });

  it('read the same however they are cut into pieces', async () => {
    const texts = [
      '\ufeffxmlId;quantity;purchasePrice\r\n"Чай; ""чёрный""";1,5;10\r\n;2;\r\n"b\nc";3;,5',
      '{"xmlId":"Чай \\"a\\"","quantity":1}\n{broken\n{"xmlId":"b"}',
      '[{"xmlId":"a\\\\","b":{"c":[1,{"d":"]"}]}}, {"xmlId":"}\\u0022,"} , 5, {"xmlId":"ё"}]',
    ];
    for (const text of texts) {
      const whole = await collectLines(text);
      for (const size of [1, 2, 3, 7]) expect(await collectLines(text, size)).toEqual(whole);
    }
  });

  it('return exactly the written text', async () => {
    const cell = fc.string({ unit: 'grapheme', maxLength: 20 }).map((text) => text.trim());
    const rows = fc.array(fc.record({ xmlId: cell, store: cell }), { maxLength: 20 });
    await fc.assert(
      fc.asyncProperty(rows, fc.constantFrom(',', ';', '\t'), fc.integer({ min: 1, max: 50 }), async (lines, delimiter, size) => {
        const given = lines.filter((line) => line.xmlId !== '');
        const csv = [['xmlId', 'store', 'quantity'], ...given.map((line) => [quoted(line.xmlId), quoted(line.store), '1'])]
          .map((cells) => cells.join(delimiter))
          .join('\n');
        const expected = given.map((line) => ({ xmlId: line.xmlId, ...(line.store !== '' && { store: line.store }), quantity: '1' }));
        expect((await collectLines(csv, size)).map((line) => line.value)).toEqual(expected);
        for (const text of [
          JSON.stringify(expected),
          JSON.stringify(expected, null, 2),
          expected.map((line) => JSON.stringify(line)).join('\n'),
        ])
          expect((await collectLines(text, size)).map((line) => line.value)).toEqual(expected);
      }),
      { numRuns: 60 },
    );
  });

  it('only report problems', async () => {
    const pieces = fc.constantFrom('[', ']', '{', '}', '"', ',', ';', '\n', '\r', '\\', ':', 'xmlId', 'quantity', '1', ' ', 'null');
    await fc.assert(
      fc.asyncProperty(
        fc.oneof(
          fc.uint8Array({ maxLength: 60 }),
          fc.array(pieces, { maxLength: 40 }).map((some) => Buffer.from(some.join(''))),
        ),
        async (bytes) => {
          for (const line of await collectLines(bytes, 7))
            expect(line.problem === undefined ? typeof line.value : line.problem).toEqual(expect.any(String));
        },
      ),
      { numRuns: 300 },
    );
  });

  it('take a comma for a point only where cells are not parted by commas', async () => {
    expect((await collectLines('xmlId;quantity\n1,5;1,5'))[0]?.value).toEqual({ xmlId: '1,5', quantity: '1.5' });
    expect((await collectLines('xmlId,quantity\n"1,5","1,5"'))[0]?.value).toEqual({ xmlId: '1,5', quantity: '1,5' });
  });

  it.each([
    ['a quote that opens in the middle', 'xmlId,quantity\na"b,1', 2],
    ['bytes that are no UTF-8', Buffer.from([0x78, 0x0a, 0xff, 0xfe]), 1],
    ['a list that ends in a comma twice', '[{"a":1},,{"a":2}]', 2],
    ['a list that was never closed', '[{"a":1}', 1],
    ['a header with too many columns', `xmlId,quantity${','.repeat(MAX_COLUMNS)}\na,1`, 1],
    ['a line with too many cells', `xmlId,quantity\na,1${','.repeat(MAX_COLUMNS)}`, 2],
    ['an item that never ends', `[{"a":"${'x'.repeat(100_000)}`, 1],
  ])('end at %s', async (_, text, line) => {
    expect((await collectLines(text)).at(-1)).toEqual({ line, problem: expect.any(String) });
  });

  it('stop reading at a record with too many cells, also across quoted line ends', async () => {
    for (const cells of [',,,,,,,,', '"\n",,,,,,,']) {
      let read = 0;
      const file = async function* (): AsyncGenerator<Uint8Array> {
        yield Buffer.from('xmlId,quantity\n');
        for (; read < 30_000_000; read += 80_000) yield await Promise.resolve(Buffer.from(cells.repeat(10_000)));
      };
      const lines: RawLine[] = [];
      for await (const line of rawLines(file())) lines.push(line);
      expect(lines).toEqual([{ line: expect.any(Number), problem: `has more than ${MAX_COLUMNS} cells` }]);
      expect(read).toBeLessThan(2_000_000);
    }
  });
});
