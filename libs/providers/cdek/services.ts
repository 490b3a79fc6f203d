import type { ExtraData } from '#delivery/port';
import { FIELD } from './cdek.fields.js';

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
