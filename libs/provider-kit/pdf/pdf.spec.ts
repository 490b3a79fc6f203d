import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { pdfPages } from '../../testing/pdf.js';
import { PdfDocument, toPoints } from './pdf-document.js';
import { encodeCode128, encodeQrCode } from './symbols.js';
import { drawTable } from './table.js';

const open = (): Promise<PdfDocument> => PdfDocument.open({ pageSize: [100, 150], title: 'Test', language: 'en', createdAt: new Date(0) });

async function drawn(draw: (document: PdfDocument) => void): Promise<{ lines: string[]; bytes: Uint8Array }> {
  const document = await open();
  document.addPage();
  draw(document);
  const bytes = await document.end();
  const [page] = pdfPages(bytes);
  return { lines: (page?.text ?? '').split('\n').filter((line) => line.trim() !== ''), bytes };
}

const box = { x: 10, y: 10, width: 40, height: 10 };

describe('a document', () => {
  it('has pages of the exact size', async () => {
    const { bytes } = await drawn(() => undefined);
    const mediaBox = /MediaBox \[0 0 ([\d.]+) ([\d.]+)\]/.exec(Buffer.from(bytes).toString('latin1'));
    expect(Number(mediaBox?.[1])).toBeCloseTo(toPoints(100), 2);
    expect(Number(mediaBox?.[2])).toBeCloseTo(toPoints(150), 2);
    expect(toPoints(25.4)).toBeCloseTo(72, 10);
  });

  it('holds Latin and Cyrillic with accents as text', async () => {
    const { lines } = await drawn((document) => document.drawText('Ñandú Çédille Ёжик Щука ₽€', { ...box, width: 90 }, { size: 8 }));
    expect(lines.join('')).toBe('Ñandú Çédille Ёжик Щука ₽€');
  });

  it('is compressed', async () => {
    const { bytes } = await drawn((document) => document.drawText('abc', box, { size: 8 }));
    expect(Buffer.from(bytes).toString('latin1')).toContain('/FlateDecode');
  });

  it('can go back to an earlier page', async () => {
    const document = await open();
    document.addPage();
    document.addPage();
    document.switchToPage(0);
    document.drawText('first', box, { size: 8 });
    expect(document.pages).toBe(2);
    const [first, second] = pdfPages(await document.end());
    expect(first?.text).toContain('first');
    expect(second?.text).not.toContain('first');
  });
});

describe('text in a box', () => {
  it('wraps at words', async () => {
    const { lines } = await drawn((document) => document.drawText('one two three four five six seven eight', box, { size: 8 }));
    expect(lines.length).toBeGreaterThan(1);
    expect(lines.map((line) => line.trim()).join(' ')).toBe('one two three four five six seven eight');
  });

  it('keeps its line breaks, breaks long words, and is cut with an ellipsis', async () => {
    const broken = await drawn((document) => document.drawText('a\nb', box, { size: 8 }));
    expect(broken.lines).toEqual(['a', 'b']);
    const word = await drawn((document) => document.drawText('x'.repeat(60), box, { size: 8 }));
    expect(word.lines.join('')).toBe('x'.repeat(60));
    const cut = await drawn((document) => document.drawText('word '.repeat(200), box, { size: 8 }));
    expect(cut.lines.at(-1)).toMatch(/…$/);
    expect(cut.lines.join(' ').length).toBeLessThan(200);
  });

  it('is made smaller before it is cut', async () => {
    const text = 'word '.repeat(14).trim();
    const [full, smaller] = [{ size: 12 }, { size: 12, minSize: 6 }].map((style) =>
      drawn((document) => document.drawText(text, box, style)),
    );
    expect((await full)?.lines.at(-1)).toMatch(/…$/);
    expect((await smaller)?.lines.map((line) => line.trim()).join(' ')).toBe(text);
  });

  it('stays in its box, whatever it is', async () => {
    const document = await open();
    document.addPage();
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 300 }), fc.integer({ min: 6, max: 30 }), (text, size) => {
        // One line is always drawn, because an empty page is useless.
        return document.drawText(text, box, { size, minSize: 5 }) <= Math.max(box.height, (size * 1.18 * 25.4) / 72) + 0.01;
      }),
    );
    await document.end();
  });

  it('returns its height', async () => {
    const document = await open();
    document.addPage();
    const one = document.measureHeight('one', 40, { size: 10 }, 5);
    expect(one).toBeCloseTo((10 * 1.18 * 25.4) / 72, 5);
    expect(document.measureHeight('a\nb\nc', 40, { size: 10 }, 5)).toBeCloseTo(3 * one, 5);
    expect(document.measureHeight('a\nb\nc', 40, { size: 10 }, 2)).toBeCloseTo(2 * one, 5);
    await document.end();
  });
});

describe('bar codes', () => {
  it('Code 128 is bars and gaps of whole modules', async () => {
    const { width, height, bars } = await encodeCode128('CD0000000013');
    expect(height).toBe(1);
    // Start, two letters, a change to digits, five pairs, check, stop with its last bar.
    expect(width).toBe(11 * (1 + 2 + 1 + 5 + 1) + 13);
    expect(bars.every((bar) => Number.isInteger(bar.x) && bar.width >= 1 && bar.width <= 4)).toBe(true);
  });

  it('QR is a square that holds its three corners', async () => {
    const { width, height, bars } = await encodeQrCode('CD0000000013');
    expect([width, height]).toEqual([21, 21]);
    for (const [x, y] of [
      [0, 0],
      [14, 0],
      [0, 14],
    ]) {
      expect(bars).toContainEqual({ x, y, width: 7, height: 1 });
    }
  });

  it('are drawn in modules of whole printer dots, within the box', async () => {
    const symbol = await encodeCode128('CD0000000013');
    const { bytes } = await drawn((document) => document.drawSymbol(symbol, { x: 0, y: 0, width: 72, height: 20 }, 10));
    expect(bytes.length).toBeGreaterThan(500);
    expect(72 / (symbol.width + 20)).toBeGreaterThan(0.5);
  });

  it('cannot hold everything', async () => {
    for (const text of ['', 'Ёж', 'a\nb']) await expect(encodeCode128(text)).rejects.toThrow();
    await expect(encodeQrCode('x'.repeat(5000))).rejects.toThrow();
  });
});

describe('a table', () => {
  it('repeats its heading and loses no row', async () => {
    const document = await open();
    document.addPage();
    const columns = [
      { title: 'No', width: 10, align: 'right' as const },
      { title: 'Text', width: 70 },
    ];
    const rows = Array.from({ length: 100 }, (_, index) => [String(index + 1), `row ${index + 1} ${'word '.repeat(index % 20)}`]);
    const nextPage = (): number => {
      document.addPage();
      return 10;
    };
    const end = drawTable(document, columns, rows, { x: 10, y: 20, bottom: 140, size: 8, maxLines: 3, nextPage });
    expect(end).toBeLessThanOrEqual(140);
    const pages = pdfPages(await document.end());
    expect(pages.length).toBeGreaterThan(2);
    for (const { text } of pages) expect(text).toContain('Text');
    const all = pages.map(({ text }) => text.replace(/\s+/g, ' ')).join(' ');
    for (let number = 1; number <= 100; number++) expect(all).toContain(`row ${number}`);
  });
});
