import type { Series } from '../../kit/chart.js';
import { formatCount, formatSpan } from '../../kit/format.js';
import type { Schemas } from '../api.js';

type ActivitySeries = Schemas['ActivitySeries'];
type Kind = ActivitySeries['kind'];

/** One chart of the activity. */
export interface ActivityChart {
  readonly title: string;
  /** The total in words. */
  readonly summary: string;
  readonly series: readonly Series[];
  readonly format: (value: number) => string;
}

/** The direction of each kind of exchange, and its line's color in a chart with several kinds. */
const KINDS: Readonly<Record<Kind, { title: string; tone: Series['tone'] }>> = {
  callback: { title: 'CRM to us', tone: 'blue' },
  crm: { title: 'Us to the CRM', tone: 'good' },
  provider: { title: 'Us to services', tone: 'warn' },
  webhook: { title: 'Services to us', tone: 'soft' },
};
const ORDER = Object.keys(KINDS) as Kind[];

/** Returns the start times of the points, in seconds since 1970. */
export function listTimes({ series }: Schemas['ActivityReport']): number[] {
  return (series[0]?.points ?? []).map(({ at }) => Date.parse(at) / 1000);
}

/** Turns a report into charts: callbacks, calls, errors and latency. */
export function toCharts({ series }: Schemas['ActivityReport']): ActivityChart[] {
  const all = ORDER.flatMap((kind) => series.find((one) => one.kind === kind) ?? []);
  const pick = (...kinds: Kind[]): ActivitySeries[] => all.filter(({ kind }) => kinds.includes(kind));
  const incoming = pick('callback', 'webhook');
  const outgoing = pick('crm', 'provider');
  const sum = (of: readonly ActivitySeries[], field: 'count' | 'failed' | 'rejected'): string =>
    formatCount(of.reduce((total, one) => total + one.total[field], 0));
  return [
    {
      title: 'Callbacks and webhooks',
      summary: `${sum(pick('callback'), 'count')} callbacks, ${sum(pick('webhook'), 'count')} webhooks`,
      series: toLines(incoming, 'count'),
      format: formatCount,
    },
    {
      title: 'Our calls',
      summary: `${sum(pick('crm'), 'count')} to CRMs, ${sum(pick('provider'), 'count')} to services`,
      series: toLines(outgoing, 'count'),
      format: formatCount,
    },
    {
      title: 'Errors',
      summary: `${sum(all, 'failed')} failed; ${sum(all, 'rejected')} more were rejected`,
      series: toLines(all, 'failed'),
      format: formatCount,
    },
    {
      title: 'Latency',
      summary: `95 of 100 are faster: ${all.flatMap(({ kind, total }) => (total.p95 === undefined ? [] : `${KINDS[kind].title} ${formatSpan(total.p95)}`)).join(', ') || 'nothing yet'}`,
      series: toLines(all, 'p95'),
      format: formatSpan,
    },
  ];
}

function toLines(series: readonly ActivitySeries[], field: 'count' | 'failed' | 'p95'): Series[] {
  return series.map(({ kind, points }) => ({ ...KINDS[kind], values: points.map((point) => point[field] ?? null) }));
}
