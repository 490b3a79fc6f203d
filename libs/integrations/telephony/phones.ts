/** Numbers are compared by their last `most` digits. Numbers shorter than `least` are compared as a whole. */
const TAIL = { least: 7, most: 9 };

/** Sent to the CRM for a caller who hides their number, because its fields must not be blank. */
export const HIDDEN = 'anonymous';

/** Whether two numbers may be the same number in different formats, by their last digits. */
export function endAlike(one: string, other: string | undefined): boolean {
  const [left, right] = [one, other ?? ''].map((text) => text.replace(/\D/g, '')) as [string, string];
  const length = Math.min(left.length, right.length, TAIL.most);
  return length < TAIL.least ? left === right && left !== '' : left.slice(-length) === right.slice(-length);
}
