import { setImmediate } from 'node:timers/promises';
import type { ParcelItem } from '#delivery/port';
import type { Language } from '#platform';
import { type BarSymbol, encodeCode128, drawTable, PdfDocument, type TableColumn } from '#provider-kit';
import { formatKilograms } from '../courier.words.js';
import { A4, BOTTOM, LEFT, numberPages, signature, TOP, WIDE } from './a4.js';
import { getWords } from './form-texts.js';
import { type FormSettings, formatMoney, type PrintedDelivery } from './printed-delivery.js';

/** Prints A4 waybills, each on separate pages, in the given order. */
export async function printWaybills(deliveries: readonly PrintedDelivery[], settings: FormSettings): Promise<Uint8Array> {
  const { language } = settings.context.account;
  const document = await PdfDocument.open({
    pageSize: A4,
    title: getWords(language)('waybill'),
    language,
    createdAt: settings.context.now,
  });
  for (const delivery of deliveries) {
    const first = document.pages;
    drawWaybill(document, delivery, await encodeCode128(delivery.trackNumber), language);
    numberPages(document, first, language, delivery.trackNumber);
    await setImmediate();
  }
  return document.end();
}

function drawWaybill(document: PdfDocument, delivery: PrintedDelivery, bars: BarSymbol, language: Language): void {
  const word = getWords(language);
  document.addPage();
  document.drawText(
    `${word('waybill')} ${delivery.trackNumber}`,
    { x: LEFT, y: TOP, width: 108, height: 8 },
    { size: 17, minSize: 10, font: 'bold' },
  );
  const from = `${word('order')} ${delivery.order} · ${word('date')} ${delivery.created}`;
  document.drawText(from, { x: LEFT, y: TOP + 9, width: 108, height: 10 }, { size: 11, minSize: 8 });
  document.drawSymbol(bars, { x: 122, y: TOP, width: 75, height: 13 }, 10);
  document.drawText(
    delivery.trackNumber,
    { x: 122, y: TOP + 13.5, width: 75, height: 5 },
    { size: 10, minSize: 6, font: 'mono', align: 'center' },
  );

  drawParties(document, delivery, language);
  drawTerms(document, delivery, language);
  let y = TOP + 85;
  if (delivery.note)
    y += document.drawText(`${word('note')}: ${delivery.note}`, { x: LEFT, y, width: WIDE, height: 14 }, { size: 9.5, minSize: 8 }) + 2;

  const nextPage = (): number => {
    document.addPage();
    return TOP;
  };
  y = drawItems(document, delivery, y, nextPage, language);
  if (delivery.delivery.request.parcels.length > 0) y = drawPackages(document, delivery, y + 4, nextPage, language);

  // Signatures stay together.
  if (y + 34 > BOTTOM) y = nextPage();
  document.drawText(word('received'), { x: LEFT, y: y + 4, width: WIDE, height: 5 }, { size: 9.5 });
  const third = WIDE / 3;
  (['sender', 'courier', 'recipient'] as const).forEach((who, index) => {
    signature(document, word(who), word('signature'), { x: LEFT + index * third, y: y + 11, width: third - 6, height: 20 });
  });
}

/** Draws the sender and the recipient, next to each other. */
function drawParties(document: PdfDocument, delivery: PrintedDelivery, language: Language): void {
  const word = getWords(language);
  const half = (WIDE - 4) / 2;
  const { point } = delivery;
  const goesTo = point
    ? `${word('pickupPoint')} ${point.settings.code}: ${point.settings.name}, ${point.settings.address}`
    : delivery.recipient.address;
  const { inn } = delivery.recipient;
  const reached = [inn && `${word('inn')} ${inn}`, delivery.recipient.phone].filter(Boolean).join(' · ');
  const parties = [
    [word('sender'), delivery.sender.name, delivery.sender.phone, delivery.sender.address],
    [word('recipient'), delivery.recipient.name, reached, goesTo],
  ] as const;
  parties.forEach(([title, name, phone, address], index) => {
    const x = LEFT + index * (half + 4);
    const y = TOP + 21;
    document.drawFrame({ x, y, width: half, height: 33 });
    document.drawText(title, { x: x + 2, y: y + 1, width: half - 4, height: 4 }, { size: 7.5, color: '#444444' });
    const inside = { x: x + 2, width: half - 4 };
    const used = document.drawText(name, { ...inside, y: y + 4.5, height: 10.5 }, { size: 11.5, minSize: 8, font: 'bold' });
    const phoneY = y + 5 + Math.max(5.5, used);
    document.drawText(phone, { ...inside, y: phoneY, height: 4.5 }, { size: 10, minSize: 7 });
    document.drawText(address, { ...inside, y: phoneY + 5, height: y + 32.5 - phoneY - 5 }, { size: 10, minSize: 7 });
  });
}

/** Draws the terms in two rows. */
function drawTerms(document: PdfDocument, delivery: PrintedDelivery, language: Language): void {
  const word = getWords(language);
  const { point } = delivery;
  const { request, cost } = delivery.delivery;
  const payer = request.payerType === undefined ? '' : word(request.payerType === 'receiver' ? 'payerReceiver' : 'payerSender');
  const facts: [string, string][] = [
    [word('tariff'), delivery.tariff],
    [word('zone'), [delivery.zone, delivery.hub].filter(Boolean).join(', ')],
    [word('deliveryDate'), delivery.date || '-'],
    [word('window'), delivery.time || (point ? point.settings.schedule : word('anyTime'))],
    [word('deliveryCost'), formatMoney(cost, language) || '-'],
    [word('payer'), payer || '-'],
    [word('fitting'), delivery.fitting ? word('yes') : '-'],
    [word('collect'), delivery.collect ? formatMoney(delivery.collect.total, language) : word('nothingToCollect')],
  ];
  const quarter = WIDE / 4;
  facts.forEach(([title, value], index) => {
    const x = LEFT + (index % 4) * quarter;
    const y = TOP + 57 + Math.floor(index / 4) * 13;
    document.drawFrame({ x, y, width: quarter, height: 13 }, 0.4);
    document.drawText(title, { x: x + 1.5, y: y + 0.8, width: quarter - 3, height: 3.5 }, { size: 7, minSize: 5, color: '#444444' });
    document.drawText(
      value,
      { x: x + 1.5, y: y + 4.4, width: quarter - 3, height: 8.2 },
      { size: 10, minSize: 6, font: index === 7 ? 'bold' : 'regular' },
    );
  });
}

function drawItems(document: PdfDocument, delivery: PrintedDelivery, y: number, nextPage: () => number, language: Language): number {
  const word = getWords(language);
  const columns: TableColumn[] = [
    { title: '#', width: 9, align: 'right' },
    { title: word('item'), width: WIDE - 9 - 17 - 22 - 36 - 36 },
    { title: word('quantity'), width: 17, align: 'right' },
    { title: word('weight'), width: 22, align: 'right' },
    { title: word('declaredValue'), width: 36, align: 'right' },
    { title: word('cod'), width: 36, align: 'right' },
  ];
  const { lines, collect } = delivery;
  const rows = lines.map(({ item, declaredValue, collect: asked }, index) => [
    String(index + 1),
    formatName(item),
    String(item.quantity),
    typeof item.weight !== 'number' ? '' : formatKilograms(item.weight, language),
    formatMoney(declaredValue, language),
    formatMoney(asked, language),
  ]);
  // Amounts that no line above contains get their own line, so that the column adds up to the collected
  // amount.
  const rest = (title: string, minor: number): void => {
    const name = title.charAt(0).toUpperCase() + title.slice(1);
    if (collect && minor > 0) rows.push(['', name, '', '', '', formatMoney({ ...collect.total, minor }, language)]);
  };
  rest(word('goods'), (collect?.goods ?? 0) - lines.reduce((sum, line) => sum + (line.collect?.minor ?? 0), 0));
  rest(word('delivery'), collect?.delivery ?? 0);
  const quantity = Math.round(lines.reduce((sum, { item }) => sum + item.quantity, 0) * 1000) / 1000;
  const total = [
    '',
    word('total'),
    String(quantity),
    '',
    formatMoney(delivery.declaredValue, language),
    formatMoney(collect?.total, language),
  ];
  return drawTable(document, columns, [...rows, total], { x: LEFT, y, bottom: BOTTOM, size: 9, maxLines: 4, nextPage });
}

function formatName(item: ParcelItem): string {
  return item.name ?? item.offerId ?? '-';
}

function drawPackages(document: PdfDocument, delivery: PrintedDelivery, y: number, nextPage: () => number, language: Language): number {
  const word = getWords(language);
  const columns: TableColumn[] = [
    { title: word('package'), width: 30 },
    { title: word('weight'), width: 30, align: 'right' },
    { title: word('size'), width: 50, align: 'right' },
  ];
  const { parcels } = delivery.delivery.request;
  const rows = parcels.map(({ weight, length, width, height }, index) => [
    `${index + 1} / ${parcels.length}`,
    formatKilograms(weight, language),
    length !== undefined && width !== undefined && height !== undefined ? `${length} x ${width} x ${height}` : '-',
  ]);
  const total = [
    word('total'),
    formatKilograms(
      delivery.weights.reduce((sum, grams) => sum + grams, 0),
      language,
    ),
    '',
  ];
  return drawTable(document, columns, [...rows, total], { x: LEFT, y, bottom: BOTTOM, size: 9, maxLines: 1, nextPage });
}
