import { invalid } from './yookassa-refusals.js';

/** The query of a list, checked against its schema. */
export type YooKassaQuery = Readonly<Record<string, string | undefined>>;

/** The objects that may be listed: payments, refunds, receipts. */
interface Listed {
  id: string;
  created_at?: string;
  captured_at?: string;
  status: string;
  payment_id?: string;
  refund_id?: string;
  payment_method?: { type: string };
}

const THREE_YEARS = 3 * 365 * 86_400_000;

/** A page of a list, the newest first, without objects older than three years. */
export function buildList(objects: readonly Listed[], query: YooKassaQuery, now: number): object {
  const oldest = new Date(now - THREE_YEARS).toISOString();
  const fits = objects.filter((one) => (one.created_at ?? oldest) >= oldest && fitsQuery(one, query)).toReversed();
  const { cursor, limit = '10', payment_id, refund_id } = query;
  if (payment_id !== undefined && refund_id !== undefined) throw invalid('Of a payment or of a refund', 'refund_id');
  const start = cursor === undefined ? 0 : fits.findIndex(({ id }) => id === cursor);
  if (start === -1) throw invalid('The cursor is not known', 'cursor');
  const items = fits.slice(start, start + Number(limit));
  const next = fits[start + items.length];
  return { type: 'list', items, ...(next && { next_cursor: next.id }) };
}

function fitsQuery(one: Listed, query: YooKassaQuery): boolean {
  const { payment_method, status, payment_id, refund_id } = query;
  return (
    (payment_method === undefined || one.payment_method?.type === payment_method) &&
    (status === undefined || one.status === status) &&
    (payment_id === undefined || one.payment_id === payment_id) &&
    (refund_id === undefined || one.refund_id === refund_id) &&
    isWithin(one.created_at, query, 'created_at') &&
    isWithin(one.captured_at, query, 'captured_at')
  );
}

function isWithin(moment: string | undefined, query: YooKassaQuery, field: string): boolean {
  const ends = Object.entries(query).filter(([name]) => name.startsWith(`${field}.`));
  return ends.every(([name, text]) => {
    if (moment === undefined) return false;
    const [at, end] = [Date.parse(moment), Date.parse(text ?? '')];
    switch (name.slice(field.length + 1)) {
      case 'gte':
        return at >= end;
      case 'gt':
        return at > end;
      case 'lte':
        return at <= end;
      default:
        return at < end;
    }
  });
}
