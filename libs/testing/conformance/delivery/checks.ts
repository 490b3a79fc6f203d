import type { DataField, ExtraData, PickupPoint } from '#delivery/port';
import type { Money } from '#provider-kit';

export function repeated(codes: readonly string[]): string[] {
  return codes.filter((code, index) => codes.indexOf(code) !== index);
}

export function isDate(value: unknown): boolean {
  return Object.prototype.toString.call(value) === '[object Date]' && !Number.isNaN((value as Date).getTime());
}

export function moneyProblems(what: string, amount: Money | undefined, currency: string | undefined): string[] {
  if (amount === undefined) return [];
  const problems: string[] = [];
  if (!Number.isSafeInteger(amount.minor) || amount.minor < 0) problems.push(`${what}: ${amount.minor} is not an amount in minor units`);
  if (currency !== undefined && amount.currency !== currency) problems.push(`${what}: in ${amount.currency}, the order is in ${currency}`);
  return problems;
}

export function extraDataProblems(extraData: ExtraData | undefined, fields: readonly DataField[]): string[] {
  const codes = fields.map(({ code }) => code);
  return Object.keys(extraData ?? {})
    .filter((code) => !codes.includes(code))
    .map((code) => `extra data ${code} is no field of the manifest`);
}

export function pointProblems(points: PickupPoint[], currency: string | undefined): string[] {
  return [
    ...repeated(points.map(({ code }) => code)).map((code) => `two points ${code}`),
    ...points.flatMap(({ code, name, address, cost, coordinates }) => [
      ...(code.trim() === '' || name.trim() === '' || address.trim() === '' ? [`point ${code}: no code, name or address`] : []),
      ...moneyProblems(`point ${code}`, cost, currency),
      ...(coordinates && !(Math.abs(coordinates.latitude) <= 90 && Math.abs(coordinates.longitude) <= 180)
        ? [`point ${code}: coordinates`]
        : []),
    ]),
  ];
}
