import { type Money, readMoney } from '#provider-kit';
import { readExtraData } from './extra-data.js';
import type { Coordinates, TerminalData } from './port/index.js';

const TEXTS = ['code', 'name', 'description', 'address', 'schedule', 'phone'] as const;

/**
 * Reads a point in the CRM's format. Members of another form are omitted: no delivery may fail for them.
 * Members that were already read stay unchanged. Undefined if nothing remains.
 * @param currency of `cost`, ISO 4217
 */
export function readTerminalData(sent: object, currency: string): TerminalData | undefined {
  const raw = sent as Readonly<Record<keyof TerminalData, unknown>>;
  const data: TerminalData = {};
  for (const name of TEXTS) {
    const text = raw[name];
    if (typeof text === 'number' || (typeof text === 'string' && text !== '')) data[name] = String(text);
  }
  const cost = readCost(raw.cost, currency);
  if (cost) data.cost = cost;
  const extraData = readExtraData(typeof raw.extraData === 'object' && raw.extraData !== null ? raw.extraData : undefined);
  for (const _ in extraData) data.extraData = extraData;
  const coordinates = readCoordinates(raw.coordinates);
  if (coordinates) data.coordinates = coordinates;
  for (const _ in data) return data;
  return undefined;
}

/** Reads coordinates, which come as numbers or texts. Undefined for anything else. */
export function readCoordinates(sent: unknown): Coordinates | undefined {
  if (typeof sent !== 'object' || sent === null) return undefined;
  const raw = sent as Readonly<Record<keyof Coordinates, unknown>>;
  const latitude = readNumber(raw.latitude);
  const longitude = readNumber(raw.longitude);
  return latitude === undefined || longitude === undefined ? undefined : { latitude, longitude };
}

function readCost(sent: unknown, currency: string): Money | undefined {
  if (isMoney(sent)) return sent;
  const amount = readNumber(sent);
  return amount === undefined || amount < 0 || amount > 1e11 ? undefined : readMoney(amount, currency);
}

function isMoney(value: unknown): value is Money {
  return typeof value === 'object' && value !== null && 'minor' in value && 'currency' in value;
}

function readNumber(value: unknown): number | undefined {
  if (typeof value === 'number') return Number.isFinite(value) ? value : undefined;
  return typeof value === 'string' && /^-?\d{1,20}(\.\d{1,20})?$/.test(value) ? Number(value) : undefined;
}
