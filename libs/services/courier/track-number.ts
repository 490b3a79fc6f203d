/**
 * The quasigroup of order 10 of H. Michael Damm's check digit algorithm (2004): totally anti-symmetric, so
 * that every wrong digit and every swap of neighbours is found. (Luhn misses 09 for 90, the UPU S10 digit
 * misses some wrong digits.)
 */
const DAMM = [
  '0317598642',
  '7092154863',
  '4206871359',
  '1750983426',
  '6123045978',
  '3674209581',
  '5869720134',
  '8945362017',
  '9438617205',
  '2581436790',
];

/** Digits of the number itself; larger numbers simply have more. */
const DIGITS = 9;

/** The Damm check digit of a string of digits; that of digits with their check digit is 0. */
export function computeDammDigit(digits: string): number {
  let row = 0;
  for (const digit of digits) row = Number(DAMM[row]?.[Number(digit)]);
  return row;
}

/**
 * Makes a track number: prefix, the number in nine digits, the check digit (over the digits only): `CD` and 1
 * are `CD0000000013`.
 */
export function buildTrackNumber(prefix: string, number: number): string {
  const digits = String(number).padStart(DIGITS, '0');
  return `${prefix}${digits}${computeDammDigit(digits)}`;
}

/**
 * Whether a text is a track number of a courier service: letters, ten digits or more, and the check digit is
 * right.
 */
export function isTrackNumber(text: string): boolean {
  const digits = /^[A-Z]{1,4}(\d{10,16})$/.exec(text)?.[1];
  return digits !== undefined && computeDammDigit(digits) === 0;
}
