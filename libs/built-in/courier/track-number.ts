/**
 * Damm's check digit table (2004), which detects every wrong digit and every swap of neighbours. Luhn and S10
 * miss some.
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

/** Digits of the number. Larger numbers have more. */
const DIGITS = 9;

/** Computes the Damm check digit of a string of digits. For digits with their check digit it is 0. */
export function computeDammDigit(digits: string): number {
  let row = 0;
  for (const digit of digits) row = Number(DAMM[row]?.[Number(digit)]);
  return row;
}

/** Builds a track number of prefix, nine digits and their check digit: `CD` and 1 make `CD0000000013`. */
export function buildTrackNumber(prefix: string, number: number): string {
  const digits = String(number).padStart(DIGITS, '0');
  return `${prefix}${digits}${computeDammDigit(digits)}`;
}

/** Whether a text is a track number: letters, at least ten digits and a correct check digit. */
export function isTrackNumber(text: string): boolean {
  const digits = /^[A-Z]{1,4}(\d{10,16})$/.exec(text)?.[1];
  return digits !== undefined && computeDammDigit(digits) === 0;
}
