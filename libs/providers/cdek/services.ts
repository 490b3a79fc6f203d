import type { ExtraData } from '#delivery/port';
import { toMoney, toWireAmount } from '#provider-kit';
import { FIELD } from './cdek.manifest.js';
import type { CdekContext } from './cdek.settings.js';
import { toContractMoney } from './money.js';

/** A service besides the carriage; `parameter` is its amount or count, as text. */
export interface CdekService {
  code: string;
  parameter?: string;
}

/** The services that the account always orders, then those the user chose in the data field `services`. */
export function listServices(extraData: ExtraData, always: readonly CdekService[]): CdekService[] {
  const services = extraData[FIELD.services];
  const chosen = (Array.isArray(services) ? services : typeof services === 'string' && services !== '' ? [services] : [])
    .filter((code) => /^[A-Z0-9_]{1,60}$/.test(code) && !always.some((service) => service.code === code))
    .map((code) => ({ code }));
  return [...always.map(({ code, parameter }) => ({ code, ...(parameter && { parameter }) })), ...chosen];
}

/** Insurance of a declared value, in whole units of the contract's currency. None for a value of 0. */
export function insure(declared: number, currency: string, context: CdekContext): CdekService[] {
  if (declared <= 0) return [];
  const value = toContractMoney(toMoney(declared, currency), context);
  return [{ code: 'INSURANCE', parameter: String(Math.ceil(toWireAmount(value))) }];
}
