import { type LocalText, textFor } from '#platform';
import { texts } from './cdek.texts.js';

/** Where a tariff accepts a parcel or hands it out: at a door, an office (point) or a parcel locker. */
export type TariffEnd = 'door' | 'point' | 'locker';

/** Ways of carriage as the settings name them. */
export const TARIFF_MODES = [
  'door-door',
  'door-point',
  'point-door',
  'point-point',
  'door-locker',
  'point-locker',
  'locker-door',
  'locker-point',
  'locker-locker',
] as const;
export type TariffMode = (typeof TARIFF_MODES)[number];

/** CDEK's `delivery_mode`. */
const MODE_BY_NUMBER: ReadonlyMap<number, TariffMode> = new Map([
  [1, 'door-door'],
  [2, 'door-point'],
  [3, 'point-door'],
  [4, 'point-point'],
  [6, 'door-locker'],
  [7, 'point-locker'],
  [8, 'locker-door'],
  [9, 'locker-point'],
  [10, 'locker-locker'],
]);

/** The mode for CDEK's number. Undefined for a number that is unknown here. */
export function readMode(deliveryMode: number): TariffMode | undefined {
  return MODE_BY_NUMBER.get(deliveryMode);
}

/** Both ends of a mode. */
export function getEnds(mode: TariffMode): { from: TariffEnd; to: TariffEnd } {
  const [from, to] = mode.split('-') as [TariffEnd, TariffEnd];
  return { from, to };
}

/** Names of the modes of carriage. */
export const MODE_NAMES: Readonly<Record<TariffMode, LocalText>> = texts.modes;

/** A tariff as CDEK's public list has it. */
interface KnownTariff {
  family: LocalText;
  mode: TariffMode;
}

/** Tariffs for online shops. An account may add others in its settings, with their mode. */
export const KNOWN_TARIFFS: ReadonlyMap<number, KnownTariff> = new Map([
  [136, { family: texts.tariffs.parcel, mode: 'point-point' }],
  [137, { family: texts.tariffs.parcel, mode: 'point-door' }],
  [138, { family: texts.tariffs.parcel, mode: 'door-point' }],
  [139, { family: texts.tariffs.parcel, mode: 'door-door' }],
  [366, { family: texts.tariffs.parcel, mode: 'door-locker' }],
  [368, { family: texts.tariffs.parcel, mode: 'point-locker' }],
  [231, { family: texts.tariffs.economy, mode: 'door-door' }],
  [232, { family: texts.tariffs.economy, mode: 'door-point' }],
  [233, { family: texts.tariffs.economy, mode: 'point-door' }],
  [234, { family: texts.tariffs.economy, mode: 'point-point' }],
  [378, { family: texts.tariffs.economy, mode: 'point-locker' }],
  [480, { family: texts.tariffs.express, mode: 'door-door' }],
  [481, { family: texts.tariffs.express, mode: 'door-point' }],
  [482, { family: texts.tariffs.express, mode: 'point-door' }],
  [483, { family: texts.tariffs.express, mode: 'point-point' }],
  [485, { family: texts.tariffs.express, mode: 'door-locker' }],
  [486, { family: texts.tariffs.express, mode: 'point-locker' }],
]);

/**
 * The mode of an offered tariff: from the account's settings, else the known mode. Undefined if there is
 * neither.
 */
export function findTariffMode({ code, mode }: { code: number; mode?: TariffMode }): TariffMode | undefined {
  return mode ?? KNOWN_TARIFFS.get(code)?.mode;
}

/** CDEK's name of a known tariff, in the language. Undefined for any other tariff. */
export function toTariffName(code: number, language: string): string | undefined {
  const tariff = KNOWN_TARIFFS.get(code);
  return tariff && `${textFor(tariff.family, language)} ${textFor(MODE_NAMES[tariff.mode], language)}`;
}
