import { type LocalText, textFor } from '#platform';

/** Where a tariff takes a parcel in or hands it out: at a door, an office (point) or a parcel locker. */
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

/** The mode that CDEK's number stands for; undefined for a number this adapter does not know. */
export function readMode(deliveryMode: number): TariffMode | undefined {
  return MODE_BY_NUMBER.get(deliveryMode);
}

/** Both ends of a mode. */
export function getEnds(mode: TariffMode): { from: TariffEnd; to: TariffEnd } {
  const [from, to] = mode.split('-') as [TariffEnd, TariffEnd];
  return { from, to };
}

/** What the ways of carriage are called. */
export const MODE_NAMES: Readonly<Record<TariffMode, LocalText>> = {
  'door-door': { en: 'door to door', es: 'puerta a puerta', ru: 'дверь-дверь' },
  'door-point': { en: 'door to point', es: 'puerta a punto', ru: 'дверь-склад' },
  'point-door': { en: 'point to door', es: 'punto a puerta', ru: 'склад-дверь' },
  'point-point': { en: 'point to point', es: 'punto a punto', ru: 'склад-склад' },
  'door-locker': { en: 'door to locker', es: 'puerta a taquilla', ru: 'дверь-постамат' },
  'point-locker': { en: 'point to locker', es: 'punto a taquilla', ru: 'склад-постамат' },
  'locker-door': { en: 'locker to door', es: 'taquilla a puerta', ru: 'постамат-дверь' },
  'locker-point': { en: 'locker to point', es: 'taquilla a punto', ru: 'постамат-склад' },
  'locker-locker': { en: 'locker to locker', es: 'taquilla a taquilla', ru: 'постамат-постамат' },
};

const PARCEL: LocalText = { en: 'Parcel', es: 'Paquete', ru: 'Посылка' };
const ECONOMY: LocalText = { en: 'Economy parcel', es: 'Paquete económico', ru: 'Экономичная посылка' };
const EXPRESS: LocalText = { en: 'Express', es: 'Exprés', ru: 'Экспресс' };

/** A tariff as CDEK's public list has it. */
interface KnownTariff {
  family: LocalText;
  mode: TariffMode;
}

/** Tariffs for online shops; an account may add others in its settings, with their mode. */
export const KNOWN_TARIFFS: ReadonlyMap<number, KnownTariff> = new Map([
  [136, { family: PARCEL, mode: 'point-point' }],
  [137, { family: PARCEL, mode: 'point-door' }],
  [138, { family: PARCEL, mode: 'door-point' }],
  [139, { family: PARCEL, mode: 'door-door' }],
  [366, { family: PARCEL, mode: 'door-locker' }],
  [368, { family: PARCEL, mode: 'point-locker' }],
  [231, { family: ECONOMY, mode: 'door-door' }],
  [232, { family: ECONOMY, mode: 'door-point' }],
  [233, { family: ECONOMY, mode: 'point-door' }],
  [234, { family: ECONOMY, mode: 'point-point' }],
  [378, { family: ECONOMY, mode: 'point-locker' }],
  [480, { family: EXPRESS, mode: 'door-door' }],
  [481, { family: EXPRESS, mode: 'door-point' }],
  [482, { family: EXPRESS, mode: 'point-door' }],
  [483, { family: EXPRESS, mode: 'point-point' }],
  [485, { family: EXPRESS, mode: 'door-locker' }],
  [486, { family: EXPRESS, mode: 'point-locker' }],
]);

/**
 * How a tariff on offer carries: as the account says, else as the module knows; undefined when neither does.
 */
export function findTariffMode({ code, mode }: { code: number; mode?: TariffMode }): TariffMode | undefined {
  return mode ?? KNOWN_TARIFFS.get(code)?.mode;
}

/** CDEK's name of a tariff the module knows, in the language; undefined for any other tariff. */
export function toTariffName(code: number, language: string): string | undefined {
  const tariff = KNOWN_TARIFFS.get(code);
  return tariff && `${textFor(tariff.family, language)} ${textFor(MODE_NAMES[tariff.mode], language)}`;
}
