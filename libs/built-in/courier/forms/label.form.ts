import { setImmediate } from 'node:timers/promises';
import type { Language } from '#platform';
import { type BarSymbol, encodeCode128, PdfDocument, encodeQrCode } from '#provider-kit';
import { formatKilograms } from '../courier.words.js';
import { getWords, type Word } from './form-texts.js';
import { type FormSettings, formatMoney, type PrintedDelivery } from './printed-delivery.js';

/** A label for a label printer, in millimetres. */
const PAGE = [100, 150] as const;
const LEFT = 4;
const WIDE = 92;

/** Prints labels of 100 x 150 mm, one page for each package, in the given order. */
export async function printLabels(deliveries: readonly PrintedDelivery[], settings: FormSettings): Promise<Uint8Array> {
  const { language } = settings.context.account;
  const document = await PdfDocument.open({
    pageSize: PAGE,
    title: getWords(language)('label'),
    language,
    createdAt: settings.context.now,
  });
  for (const delivery of deliveries) {
    const [bars, square] = [await encodeCode128(delivery.trackNumber), await encodeQrCode(delivery.trackNumber)];
    const count = Math.max(1, delivery.weights.length);
    for (let index = 0; index < count; index++) drawLabel(document, delivery, { index, count, bars, square }, settings);
    // Lets waiting callbacks run between two deliveries.
    await setImmediate();
  }
  return document.end();
}

interface PackageOf {
  index: number;
  count: number;
  bars: BarSymbol;
  square: BarSymbol;
}

/** A label that is drawn. */
interface Label {
  readonly document: PdfDocument;
  readonly delivery: PrintedDelivery;
  readonly language: Language;
  readonly word: (word: Word) => string;
}

function drawLabel(
  document: PdfDocument,
  delivery: PrintedDelivery,
  { index, count, bars, square }: PackageOf,
  { context }: FormSettings,
): void {
  const { language } = context.account;
  const label: Label = { document, delivery, language, word: getWords(language) };
  document.addPage();
  drawSender(label);
  drawDestination(label);
  drawPlace(label, drawRecipient(label));
  drawTime(label);
  drawMoney(label);
  drawPackage(label, index, count);
  document.drawSymbol(bars, { x: 0, y: 119, width: 72, height: 20 }, 10);
  document.drawText(delivery.trackNumber, { x: 0, y: 140, width: 72, height: 6 }, { size: 12, minSize: 6, font: 'mono', align: 'center' });
  document.drawSymbol(square, { x: 71.5, y: 117.5, width: 27, height: 29 }, 4);
}

function caption({ document }: Label, text: string, x: number, y: number, width: number): void {
  document.drawText(text, { x, y, width, height: 3.2 }, { size: 6.5, minSize: 5, color: '#444444' });
}

/** Draws the sender and the order. */
function drawSender(label: Label): void {
  const { delivery, document, word } = label;
  caption(label, word('sender'), LEFT, 3.5, 56);
  document.drawText(delivery.sender.name, { x: LEFT, y: 6.5, width: 56, height: 4 }, { size: 8.5, minSize: 7, font: 'bold' });
  document.drawText(
    [delivery.sender.address, delivery.sender.phone].filter(Boolean).join('\n'),
    { x: LEFT, y: 10.5, width: 56, height: 9.5 },
    { size: 7, minSize: 5.5 },
  );
  caption(label, word('order'), 63, 3.5, 33);
  document.drawText(delivery.order, { x: 63, y: 6.5, width: 33, height: 6.5 }, { size: 14, minSize: 7, font: 'bold' });
  document.drawText(delivery.created, { x: 63, y: 14, width: 33, height: 4 }, { size: 8 });
}

/** Draws the tariff and the route, readable from afar. */
function drawDestination(label: Label): void {
  const { delivery, document } = label;
  document.fillBox({ x: 0, y: 21, width: 100, height: 10 });
  document.drawText(
    delivery.tariff.toUpperCase(),
    { x: LEFT, y: 21.5, width: 53, height: 9 },
    { size: 14, minSize: 8, font: 'bold', color: 'white', vertical: 'middle' },
  );
  const route = [delivery.hub, delivery.zone].filter(Boolean).join('\n');
  document.drawText(
    route,
    { x: 58, y: 21.5, width: 38, height: 9 },
    { size: 10, minSize: 5.5, font: 'bold', color: 'white', align: 'right', vertical: 'middle' },
  );
}

/** Draws the recipient. Returns where their place begins. */
function drawRecipient(label: Label): number {
  const { delivery, document, word } = label;
  const { inn } = delivery.recipient;
  caption(label, [word('recipient'), inn && `${word('inn')} ${inn}`].filter(Boolean).join(' · '), LEFT, 32, WIDE);
  // A company has a contact person who receives the parcel, which may need three lines.
  const isCompany = delivery.delivery.request.recipient.company !== undefined;
  const nameBox = { x: LEFT, y: 35, width: WIDE, height: isCompany ? 10.5 : 7.5 };
  const used = document.drawText(delivery.recipient.name, nameBox, { size: 16, minSize: isCompany ? 7.5 : 9, font: 'bold' });
  const phoneY = nameBox.y + Math.max(7.5, used);
  document.drawText(delivery.recipient.phone, { x: LEFT, y: phoneY, width: WIDE, height: 6 }, { size: 13, minSize: 8 });
  return phoneY + 7;
}

/** Draws the address or the pickup point. */
function drawPlace(label: Label, y: number): void {
  const { delivery, document, word } = label;
  const place = { x: LEFT, y, width: WIDE, height: 74 - y };
  const { point } = delivery;
  if (point) {
    const { name, address, schedule } = point.settings;
    const inside = { x: LEFT + 2, width: WIDE - 4 };
    document.drawFrame(place, 1.5);
    caption(label, `${word('pickupPoint')} ${point.settings.code}`, inside.x, place.y + 1, inside.width);
    document.drawText(name, { ...inside, y: place.y + 4, height: 6 }, { size: 13, minSize: 8, font: 'bold' });
    const hours = { ...inside, y: place.y + 10, height: place.height - 10.5 };
    document.drawText(`${address}\n${schedule}`, hours, { size: 10.5, minSize: 7 });
  } else document.drawText(delivery.recipient.address, place, { size: 13.5, minSize: 8, font: 'bold' });
}

/** Draws the date, the hours and notes for the courier. */
function drawTime(label: Label): void {
  const { delivery, document, word } = label;
  document.drawLine([LEFT, 75.5], [LEFT + WIDE, 75.5]);
  caption(label, word('deliveryDate'), LEFT, 76.5, 44);
  document.drawText(delivery.date || '-', { x: LEFT, y: 79.5, width: 44, height: 6.5 }, { size: 14, minSize: 9, font: 'bold' });
  caption(label, word('window'), 52, 76.5, 44);
  document.drawText(delivery.time || word('anyTime'), { x: 52, y: 79.5, width: 44, height: 6.5 }, { size: 14, minSize: 9, font: 'bold' });
  const note = [delivery.fitting ? word('fitting') : '', delivery.note].filter(Boolean).join('. ');
  document.drawText(note, { x: LEFT, y: 87, width: WIDE, height: 8 }, { size: 8.5, minSize: 6.5 });
}

/** Draws the amount to collect. */
function drawMoney(label: Label): void {
  const { delivery, document, language, word } = label;
  document.drawFrame({ x: LEFT, y: 96, width: 60, height: 20 }, 1.5);
  const { collect } = delivery;
  document.drawText(
    collect ? word('collect') : word('nothingToCollect'),
    { x: LEFT + 2, y: 97, width: 56, height: collect ? 4 : 18 },
    collect ? { size: 8.5, font: 'bold' } : { size: 22, minSize: 12, font: 'bold', align: 'center', vertical: 'middle' },
  );
  if (collect) {
    document.drawText(
      formatMoney(collect.total, language),
      { x: LEFT + 2, y: 101, width: 56, height: 10.5 },
      { size: 26, minSize: 11, font: 'bold', align: 'center', vertical: 'middle' },
    );
    const part = (name: 'goods' | 'delivery'): string =>
      `${word(name)} ${formatMoney({ ...collect.total, minor: collect[name] }, language)}`;
    const parts =
      collect.goods > 0 && collect.delivery > 0 ? `${part('goods')} + ${part('delivery')}` : collect.delivery > 0 ? word('delivery') : '';
    document.drawText(parts, { x: LEFT + 2, y: 111.8, width: 56, height: 3.8 }, { size: 7.5, minSize: 5, align: 'center' });
  }
}

/** Draws the package's number and weight. */
function drawPackage(label: Label, index: number, count: number): void {
  const { delivery, document, language, word } = label;
  document.drawFrame({ x: 66, y: 96, width: 30, height: 20 }, 1.5);
  caption(label, word('package'), 68, 97, 26);
  document.drawText(
    `${index + 1} / ${count}`,
    { x: 67, y: 100, width: 28, height: 9.5 },
    { size: 22, minSize: 10, font: 'bold', align: 'center', vertical: 'middle' },
  );
  const weight = `${formatKilograms(delivery.weights[index] ?? 0, language)} ${word('kilogram')}`;
  document.drawText(weight, { x: 67, y: 110, width: 28, height: 5 }, { size: 10, minSize: 7, align: 'center', vertical: 'middle' });
}
