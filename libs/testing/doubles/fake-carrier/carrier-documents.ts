import type { CarrierOrder, CarrierShipment } from './carrier-book.js';

/** One page for each order, in the order given. Latin text only: it is a carrier's plainest label. */
export function drawLabels(orders: CarrierOrder[]): Promise<Buffer> {
  return pages(
    [283, 425],
    orders.map((order) => [
      order.trackNumber ?? order.id,
      `Order ${order.id}`,
      `Reference ${order.reference}`,
      `Service ${order.request.service}`,
      `Parcels ${order.request.parcels.length}`,
      `Collect ${order.request.collect ?? 0} ${order.currency}`,
    ]),
  );
}

/** One page for each shipment, naming its orders. */
export function drawActs(shipments: CarrierShipment[]): Promise<Buffer> {
  return pages(
    [595, 842],
    shipments.map((shipment) => [`Handover ${shipment.id}`, `Reference ${shipment.reference}`, ...shipment.request.orders]),
  );
}

async function pages(size: [number, number], texts: string[][]): Promise<Buffer> {
  const { default: PDFDocument } = await import('pdfkit');
  const document = new PDFDocument({ size, margin: 24, autoFirstPage: false });
  const chunks: Buffer[] = [];
  const done = new Promise<Buffer>((resolve, reject) => {
    document.on('data', (chunk: Buffer) => chunks.push(chunk));
    document.on('end', () => resolve(Buffer.concat(chunks)));
    document.on('error', reject);
  });
  for (const [title, ...lines] of texts) {
    document.addPage();
    document.fontSize(16).text(title ?? '');
    document.fontSize(10);
    for (const line of lines) document.text(line);
  }
  document.end();
  return done;
}
