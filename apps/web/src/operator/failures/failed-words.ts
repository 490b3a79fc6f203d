import { formatCount } from '../../kit/format.js';
import type { Schemas } from '../api.js';

type ShopFailures = Schemas['ShopFailures'];
type Kind = keyof ShopFailures;

/** Words for each kind of failure, and the count at which the server stops counting. */
const KINDS: Readonly<Record<Kind, { one: string; many: string; most: number }>> = {
  callback: { one: 'callback', many: 'callbacks', most: Infinity },
  webhook: { one: 'webhook', many: 'webhooks', most: Infinity },
  outbox: { one: 'message', many: 'messages', most: 1_000 },
  inbox: { one: 'event', many: 'events', most: 1_000 },
  operations: { one: 'unconfirmed call', many: 'unconfirmed calls', most: 1_000 },
};

/** Formats the number of failures of one kind, with a plus if there may be more. */
export function formatFailed(kind: Kind, count: number): string {
  return `${formatCount(count)}${count >= KINDS[kind].most ? '+' : ''}`;
}

/** Formats the number of all failures. */
export function formatAllFailed(failed: ShopFailures): string {
  const all = Object.entries(failed) as [Kind, number][];
  const isMore = all.some(([kind, count]) => count >= KINDS[kind].most);
  return `${formatCount(all.reduce((sum, [, count]) => sum + count, 0))}${isMore ? '+' : ''}`;
}

/** Lists the kinds of failures with their numbers: `5 callbacks, 1 message`. Empty if there are none. */
export function tellFailed(failed: ShopFailures): string {
  return (Object.entries(KINDS) as [Kind, (typeof KINDS)[Kind]][])
    .flatMap(([kind, { one, many }]) => (failed[kind] > 0 ? `${formatFailed(kind, failed[kind])} ${failed[kind] === 1 ? one : many}` : []))
    .join(', ');
}
