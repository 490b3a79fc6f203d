/**
 * Numbers that are stored as integers of a smaller unit than people read: 35050 kopecks are 350.50 roubles.
 * The form keeps stored units. Only fields and tables convert them.
 */

/** Reads a number as people write it (`1 234,5`) as `1234.5`. Undefined if it is not a number. */
export function readPlainNumber(text: string): string | undefined {
  const plain = text.replace(/[\s']/g, '').replace(',', '.');
  return /^[+-]?(\d+\.?\d*|\.\d+)$/.test(plain) ? plain : undefined;
}

/** Converts a stored text to the shown one: `35050` with 2 digits is `350.50`. Other texts stay. */
export function toShownText(stored: string, digits: number): string {
  const shifted = shift(stored, -digits);
  const [whole = '', fraction = ''] = shifted.split('.');
  return fraction === '' || shifted === stored ? shifted : `${whole}.${fraction.padEnd(digits, '0')}`;
}

/** Converts a typed text to the stored one: `350,5` with 2 digits is `35050`. Other texts stay. */
export function toStoredText(typed: string, digits: number): string {
  return shift(typed, digits);
}

/** Moves the decimal point of a number by its text, so that no digit is lost. */
function shift(text: string, by: number): string {
  const plain = readPlainNumber(text);
  if (plain === undefined || by === 0) return text;
  const sign = plain.startsWith('-') ? '-' : '';
  const [whole = '', fraction = ''] = plain.replace(/^[+-]/, '').split('.');
  const point = whole.length + by;
  const digits = (whole + fraction).padEnd(point, '0').padStart(whole.length + fraction.length + Math.max(0, 1 - point), '0');
  const at = Math.max(point, 1);
  const left = digits.slice(0, at).replace(/^0+(?=\d)/, '');
  const right = digits.slice(at).replace(/0+$/, '');
  return sign + left + (right && `.${right}`);
}
