import { createRequire } from 'node:module';
import { describe, expect, it } from '@jest/globals';
import PDFDocument from 'pdfkit';
import { pdfPages } from './pdf.js';

const require = createRequire(import.meta.url);

async function drawDocument(draw: (document: PDFKit.PDFDocument) => void, options: PDFKit.PDFDocumentOptions = {}): Promise<Buffer> {
  const document = new PDFDocument({ autoFirstPage: false, ...options });
  const chunks: Buffer[] = [];
  document.on('data', (chunk: Buffer) => chunks.push(chunk));
  const done = new Promise((resolve) => document.on('end', resolve));
  draw(document);
  document.end();
  await done;
  return Buffer.concat(chunks);
}

describe('pdfPages', () => {
  it.each([true, false])('reads pages in order, sizes and text of both kinds of fonts (compressed: %s)', async (compress) => {
    const bytes = await drawDocument(
      (document) => {
        document.addPage({ size: [283.46, 425.2], margin: 10 });
        document.text('First (1) \\ page').text('ready');
        document.addPage({ size: 'A4' });
        document.font(require.resolve('dejavu-fonts-ttf/ttf/DejaVuSans.ttf')).text('Получатель: Пётр Ильич').text('Málaga, Ñuñoa 7');
        document.addPage({ size: 'A4' });
      },
      { compress },
    );
    const pages = pdfPages(bytes);
    expect(pages.map(({ size }) => size)).toEqual([
      [100, 150],
      [210, 297],
      [210, 297],
    ]);
    expect(pages[0]?.text).toContain('First (1) \\ page');
    expect(pages[0]?.text).toContain('ready');
    expect(pages[1]?.text).toContain('Получатель: Пётр Ильич');
    expect(pages[1]?.text).toContain('Málaga, Ñuñoa 7');
    expect(pages[2]?.text).toBe('');
  });

  it('refuses what is no PDF', () => {
    expect(() => pdfPages(Buffer.from('<html>'))).toThrow('not a PDF');
    expect(() => pdfPages(Buffer.from('%PDF-1.7\n'))).toThrow('not a PDF');
  });
});
