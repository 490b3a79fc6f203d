import { setImmediate } from 'node:timers/promises';
import type { ExistingShipment } from '#delivery/port';
import { encodeCode128, drawTable, type Money, PdfDocument, type TableColumn } from '#provider-kit';
import { type Language, textFor } from '#platform';
import { SHIPMENT_FIELD, VEHICLES } from '../courier.manifest.js';
import { formatKilograms } from '../courier.words.js';
import { A4, BOTTOM, LEFT, numberPages, signature, TOP, WIDE } from './a4.js';
import { getWords } from './form-texts.js';
import {
  addressLine,
  formatDay,
  type FormSettings,
  formatLocalDate,
  formatMoney,
  type PrintedDelivery,
  toPrintedDelivery,
} from './printed-delivery.js';

/** Prints A4 manifests of shipments, each on separate pages, in the given order. */
export async function printManifests(shipments: readonly ExistingShipment[], settings: FormSettings): Promise<Uint8Array> {
  const { language } = settings.context.account;
  const document = await PdfDocument.open({
    pageSize: A4,
    title: getWords(language)('manifest'),
    language,
    createdAt: settings.context.now,
  });
  for (const shipment of shipments) {
    const first = document.pages;
    await drawManifest(document, shipment, settings);
    numberPages(document, first, language, shipment.externalId);
    await setImmediate();
  }
  return document.end();
}

async function drawManifest(document: PdfDocument, shipment: ExistingShipment, settings: FormSettings): Promise<void> {
  const { language } = settings.context.account;
  const word = getWords(language);
  document.addPage();
  document.drawText(word('manifest'), { x: LEFT, y: TOP, width: 100, height: 8 }, { size: 17, minSize: 10, font: 'bold' });
  document.drawText(`${word('shipment')} ${shipment.externalId}`, { x: LEFT, y: TOP + 9, width: 100, height: 6 }, { size: 11, minSize: 7 });
  if (/^[\x21-\x7e]{1,40}$/.test(shipment.externalId)) {
    document.drawSymbol(await encodeCode128(shipment.externalId), { x: 114, y: TOP, width: 83, height: 13 }, 10);
  }

  let y = TOP + 18;
  for (const [title, value] of listFacts(shipment, settings).filter(([, text]) => text !== '')) {
    document.drawText(`${title}:`, { x: LEFT, y, width: 32, height: 5 }, { size: 9.5, minSize: 7, color: '#444444' });
    y += Math.max(4.2, document.drawText(value, { x: LEFT + 33, y, width: WIDE - 33, height: 13 }, { size: 9.5, minSize: 8 })) + 0.8;
  }

  const deliveries = shipment.request.deliveries.map((delivery) => toPrintedDelivery(delivery, settings));
  const nextPage = (): number => {
    document.addPage();
    return TOP;
  };
  y = drawDeliveries(document, deliveries, y + 2, nextPage, language);
  drawTotals(document, deliveries, y, nextPage, language);
}

/** Lists what is known of a shipment, with its title. */
function listFacts({ request, extraData, createdAt }: ExistingShipment, settings: FormSettings): [string, string][] {
  const { language } = settings.context.account;
  const word = getWords(language);
  const { label } = VEHICLES.find(({ code }) => code === extraData[SHIPMENT_FIELD.vehicle]) ?? {};
  const vehicle = label && textFor(label, language);
  const { from, to } = request.time ?? {};
  const time = from !== undefined || to !== undefined ? `${from ?? ''}-${to ?? ''}` : '';
  return [
    [
      word('date'),
      [request.date === undefined ? formatLocalDate(createdAt, settings.context.account) : formatDay(request.date, language), time]
        .filter(Boolean)
        .join(' '),
    ],
    [word('sender'), settings.network.basics.senderName ?? request.deliveries[0]?.request.siteName ?? ''],
    [word('warehouse'), [request.storeCode ?? '', addressLine(request.address, language)].filter(Boolean).join(', ')],
    [word('gate'), String(extraData[SHIPMENT_FIELD.gate] ?? '')],
    [word('vehicle'), vehicle ?? ''],
    [word('manager'), [request.manager.name ?? '', request.manager.phone ?? ''].filter(Boolean).join(', ')],
    [word('comment'), request.comment ?? ''],
  ];
}

/** Draws the table of deliveries. Returns where it ends. */
function drawDeliveries(
  document: PdfDocument,
  deliveries: readonly PrintedDelivery[],
  y: number,
  nextPage: () => number,
  language: Language,
): number {
  const word = getWords(language);
  const columns: TableColumn[] = [
    { title: '#', width: 10, align: 'right' },
    { title: word('trackNumber'), width: 30 },
    { title: word('order'), width: 20 },
    { title: word('recipient'), width: 34 },
    { title: word('address'), width: 40 },
    { title: word('packages'), width: 13, align: 'right' },
    { title: word('weight'), width: 14, align: 'right' },
    { title: word('collect'), width: 23, align: 'right' },
  ];
  const rows = deliveries.map((delivery, index) => [
    String(index + 1),
    delivery.trackNumber,
    delivery.order,
    [delivery.recipient.phone, delivery.recipient.name].filter(Boolean).join('\n'),
    delivery.point ? `${delivery.point.settings.code}: ${delivery.point.settings.address}` : delivery.recipient.address,
    String(delivery.weights.length),
    formatKilograms(sumWeight(delivery), language),
    formatMoney(delivery.collect?.total, language),
  ]);
  return drawTable(document, columns, rows, { x: LEFT, y, bottom: BOTTOM, size: 8, maxLines: 3, nextPage });
}

/** Draws totals and signatures, which stay together. */
function drawTotals(
  document: PdfDocument,
  deliveries: readonly PrintedDelivery[],
  from: number,
  nextPage: () => number,
  language: Language,
): void {
  const word = getWords(language);
  const sums = totals(deliveries);
  let y = from + 36 + sums.length * 5 > BOTTOM ? nextPage() : from;
  const packages = deliveries.reduce((sum, delivery) => sum + delivery.weights.length, 0);
  const weight = deliveries.reduce((sum, delivery) => sum + sumWeight(delivery), 0);
  const lines = [
    `${word('deliveries')}: ${deliveries.length}`,
    `${word('packages')}: ${packages}`,
    `${word('weight')}: ${formatKilograms(weight, language)}`,
    ...sums.map((sum) => `${word('collect')}: ${formatMoney(sum, language)}`),
  ];
  document.drawText(`${word('total')}`, { x: LEFT, y: y + 3, width: WIDE, height: 5 }, { size: 10.5, font: 'bold' });
  document.drawText(lines.join(' · '), { x: LEFT, y: y + 8, width: WIDE, height: 5 * (1 + sums.length) }, { size: 10, minSize: 8 });
  y += 10 + 5 * (1 + sums.length);
  const half = WIDE / 2;
  signature(document, word('handedOver'), word('signature'), { x: LEFT, y, width: half - 8, height: 20 });
  signature(document, word('takenOver'), word('signature'), { x: LEFT + half, y, width: half - 8, height: 20 });
}

function sumWeight(delivery: PrintedDelivery): number {
  return delivery.weights.reduce((sum, grams) => sum + grams, 0);
}

/** Returns the total collected amount for each currency. */
function totals(deliveries: readonly PrintedDelivery[]): Money[] {
  const sums = new Map<string, number>();
  for (const { collect } of deliveries) {
    if (collect) sums.set(collect.total.currency, (sums.get(collect.total.currency) ?? 0) + collect.total.minor);
  }
  return [...sums].map(([currency, minor]) => ({ minor, currency }));
}
