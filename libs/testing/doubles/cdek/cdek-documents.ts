import type { DoubleOrder } from './cdek-book.js';

const SIZES: Readonly<Record<string, [number, number]>> = { A4: [595, 842], A5: [420, 595], A6: [298, 420], A7: [210, 298] };

/** One page for each order, in the order given. Latin text only. */
export async function drawDocument(title: string, format: string, orders: readonly DoubleOrder[]): Promise<Buffer> {
  const { default: PDFDocument } = await import('pdfkit');
  const document = new PDFDocument({ size: SIZES[format] ?? [595, 842], margin: 20, autoFirstPage: false });
  const chunks: Buffer[] = [];
  const done = new Promise<Buffer>((resolve, reject) => {
    document.on('data', (chunk: Buffer) => chunks.push(chunk));
    document.on('end', () => resolve(Buffer.concat(chunks)));
    document.on('error', reject);
  });
  for (const { cdek_number, number, body } of orders) {
    document.addPage();
    document.fontSize(14).text(cdek_number ?? '');
    document.fontSize(9).text(`${title} ${number}`).text(`Tariff ${body.tariff_code}, packages ${body.packages.length}`);
  }
  document.end();
  return done;
}
