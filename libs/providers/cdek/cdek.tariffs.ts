/** Where a tariff takes a parcel in and where it hands it out: at a door, an office (point) or a parcel locker. */
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

/** The mode behind CDEK's number; undefined for one this adapter does not know. */
export function modeOf(deliveryMode: number): TariffMode | undefined {
  return MODE_BY_NUMBER.get(deliveryMode);
}

/** Both ends of a mode. */
export function endsOf(mode: TariffMode): { from: TariffEnd; to: TariffEnd } {
  const [from, to] = mode.split('-') as [TariffEnd, TariffEnd];
  return { from, to };
}

/** A tariff as CDEK's public list has it. */
export interface KnownTariff {
  name: string;
  mode: TariffMode;
}

/** Tariffs for online shops; an account may add others in its settings, with their mode. */
export const KNOWN_TARIFFS: ReadonlyMap<number, KnownTariff> = new Map([
  [136, { name: 'Посылка склад-склад', mode: 'point-point' }],
  [137, { name: 'Посылка склад-дверь', mode: 'point-door' }],
  [138, { name: 'Посылка дверь-склад', mode: 'door-point' }],
  [139, { name: 'Посылка дверь-дверь', mode: 'door-door' }],
  [366, { name: 'Посылка дверь-постамат', mode: 'door-locker' }],
  [368, { name: 'Посылка склад-постамат', mode: 'point-locker' }],
  [231, { name: 'Экономичная посылка дверь-дверь', mode: 'door-door' }],
  [232, { name: 'Экономичная посылка дверь-склад', mode: 'door-point' }],
  [233, { name: 'Экономичная посылка склад-дверь', mode: 'point-door' }],
  [234, { name: 'Экономичная посылка склад-склад', mode: 'point-point' }],
  [378, { name: 'Экономичная посылка склад-постамат', mode: 'point-locker' }],
  [480, { name: 'Экспресс дверь-дверь', mode: 'door-door' }],
  [481, { name: 'Экспресс дверь-склад', mode: 'door-point' }],
  [482, { name: 'Экспресс склад-дверь', mode: 'point-door' }],
  [483, { name: 'Экспресс склад-склад', mode: 'point-point' }],
  [485, { name: 'Экспресс дверь-постамат', mode: 'door-locker' }],
  [486, { name: 'Экспресс склад-постамат', mode: 'point-locker' }],
]);
