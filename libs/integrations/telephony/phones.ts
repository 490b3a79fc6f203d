/** Numbers are compared by so many last digits; shorter ones than `least` as a whole. */
const TAIL = { least: 7, most: 9 };

/** Sent to the CRM for a caller who hides his number: its fields must not be blank. */
export const HIDDEN = 'anonymous';

/** Whether two numbers may be one that is written in different ways, by their last digits. */
export function endAlike(one: string, other: string | undefined): boolean {
  const [left, right] = [one, other ?? ''].map((text) => text.replace(/\D/g, '')) as [string, string];
  const length = Math.min(left.length, right.length, TAIL.most);
  return length < TAIL.least ? left === right && left !== '' : left.slice(-length) === right.slice(-length);
}
