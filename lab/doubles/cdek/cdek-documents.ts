import { drawPages } from '../../../libs/testing/pdf.js';
import type { CdekOrder } from './cdek-book.js';

const SIZES: Readonly<Record<string, [number, number]>> = { A4: [595, 842], A5: [420, 595], A6: [298, 420], A7: [210, 298] };

/** One page for each order, in the order given. Latin text only. */
export function drawDocument(title: string, format: string, orders: readonly CdekOrder[]): Promise<Buffer> {
  return drawPages(
    SIZES[format] ?? [595, 842],
    orders.map(({ cdek_number = '', number, body }) => [
      cdek_number,
      `${title} ${number}`,
      `Tariff ${body.tariff_code}, packages ${body.packages.length}`,
    ]),
  );
}
