import { Injectable } from '@nestjs/common';
import type { Connection } from '#connections';
import { FAILURE_SOURCES, FAILURES, type FailureSource } from '#insight';
import { Clock, Database, type Language, type LocalText, textFor } from '#platform';
import {
  type FoundOrder,
  type FoundProblem,
  type ProblemPlace,
  type RecordsRegistry,
  type RegistryPage,
  type RegistrySource,
  WidgetSources,
} from './widget-source.js';
import { formatMoment } from './widget-times.js';
import type { RegistryRequest, RegistryTab } from './widget-view.js';
import { texts as all } from './widgets.texts.js';

const texts = all.problems;

/** Rows of a page. */
const PAGE = 25;
const FIRST: ProblemPlace = { at: 'infinity', key: '' };
/** Filter of the records of integrations, next to the sources of failures. */
const RECORDS = 'records';
const KINDS: Readonly<Record<FailureSource, { text: LocalText; advice: LocalText }>> = {
  outbox: { text: texts.outbox, advice: texts.support },
  inbox: { text: texts.inbox, advice: texts.support },
  operations: { text: texts.operation, advice: texts.wait },
};

interface FailedRow extends ProblemPlace {
  kind: string;
  subject: string | null;
}

/**
 * SQL of a place, `at` and `key`. The time is a text with microseconds, as a Date would lose them.
 */
export function selectPlace(at: string, key: string): string {
  return `to_char((${at}) AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') AS at, ${key} AS key`;
}

/** SQL condition: after the place `$at`, `$key` in the list. The first part uses an index of the time. */
export function isAfterPlace(at: string, key: string, placeAt: string, placeKey: string): string {
  return `${at} <= ${placeAt}::timestamptz AND (${at}, (${key}) COLLATE "C") < (${placeAt}::timestamptz, ${placeKey}::text)`;
}

/** The first tab of the registry: everything of a connection that needs attention. */
@Injectable()
export class ProblemsRegistry implements RegistrySource {
  constructor(
    private readonly database: Database,
    private readonly sources: WidgetSources,
    private readonly clock: Clock,
  ) {}

  describe(_connection: Connection, language: Language): Promise<RegistryTab> {
    return Promise.resolve({ id: 'problems', label: textFor(texts.tab, language) });
  }

  /** Original errors of the CRM and of services are left out: they are for operators. */
  async read(connection: Connection, { search, filter, after }: RegistryRequest, language: Language): Promise<RegistryPage> {
    const before = readPlace(after);
    const wanted = filter?.['kind'];
    const subjects = search ? (await this.listOrders(connection, { search })).map(({ subject }) => subject) : undefined;
    const asked = FAILURE_SOURCES.filter((what) => !wanted || wanted === what);
    const [failures, records] = await Promise.all([
      this.listFailures(connection, asked, before, subjects, language),
      wanted && wanted !== RECORDS ? [] : this.listRecords(connection, before, language),
    ]);
    const found = [...failures, ...records.filter(({ order }) => !search || order?.id === search || order?.number === search)].toSorted(
      comparePlaces,
    );
    const shown = found.slice(0, PAGE);
    const last = found.length > PAGE ? shown.at(-1) : undefined;
    const text = (one: LocalText): string => textFor(one, language);
    return {
      filters: [
        {
          id: 'kind',
          label: text(texts.columns.problem),
          options: [
            ...FAILURE_SOURCES.map((value) => ({ value, label: text(KINDS[value].text) })),
            { value: RECORDS, label: text(texts.records) },
          ],
        },
      ],
      columns: (['order', 'problem', 'at', 'advice'] as const).map((id) => ({ id, label: text(texts.columns[id]) })),
      rows: shown.map(({ at, key, order, text: problem, advice, tone }) => ({
        id: key,
        cells: {
          at: formatMoment(new Date(at), this.clock.now(), connection, language),
          order: order?.number ?? order?.id ?? '',
          problem,
          advice,
        },
        tone,
        ...toOrderLink(order?.id),
      })),
      ...(last && { next: `${last.at} ${last.key}` }),
      empty: text(search || wanted ? texts.noneFound : texts.none),
    };
  }

  private async listOrders(connection: Connection, by: { subjects: readonly string[] } | { search: string }): Promise<FoundOrder[]> {
    return (await Promise.all(this.list(connection).map(({ registry, view }) => registry.findOrders(view, by)))).flat();
  }

  private async listRecords(connection: Connection, before: ProblemPlace, language: Language): Promise<FoundProblem[]> {
    const lists = this.list(connection).map(({ registry, view }) => registry.listProblems(view, before, PAGE + 1, language));
    return (await Promise.all(lists)).flat();
  }

  private list({ views }: Connection): { registry: RecordsRegistry; view: Connection }[] {
    return views.flatMap((view) => {
      const registry = this.sources.of(view.module.integration)?.registry;
      return registry ? [{ registry, view }] : [];
    });
  }

  /** Lists failed rows by the partial indexes of a connection. `subjects`: limits them to these. */
  private async listFailures(
    connection: Connection,
    sources: readonly FailureSource[],
    { at, key }: ProblemPlace,
    subjects: readonly string[] | undefined,
    language: Language,
  ): Promise<FoundProblem[]> {
    const lists = await Promise.all(
      sources.map((what) => {
        const { table, condition, failedAt, subject } = FAILURES[what];
        const name = `'${what}:' || id`;
        return this.database.query<FailedRow>(
          `SELECT kind, ${subject} AS subject, ${selectPlace(failedAt, name)} FROM ${table}
           WHERE connection_id = $1 AND ${condition} AND ${isAfterPlace(failedAt, name, '$2', '$3')} AND ($4::text[] IS NULL OR ${subject} = ANY ($4))
           ORDER BY ${failedAt} DESC, (${name}) COLLATE "C" DESC LIMIT ${PAGE + 1}`,
          [connection.id, at, key, subjects ?? null],
        );
      }),
    );
    const named = lists.flat().flatMap(({ subject }) => subject ?? []);
    const orders = named.length > 0 ? await this.listOrders(connection, { subjects: [...new Set(named)] }) : [];
    return lists.flatMap((rows, index) =>
      rows.map(({ subject, at: failedAt, key: name }): FoundProblem => {
        const { text, advice } = KINDS[sources[index] ?? 'outbox'];
        return {
          ...{ at: failedAt, key: name, order: orders.find((order) => order.subject === subject), tone: 'bad' },
          ...{ text: textFor(text, language), advice: textFor(advice, language) },
        };
      }),
    );
  }
}

/** Returns the link of a row to its order, whose id in the CRM is a number. */
export function toOrderLink(order: string | undefined): { orderId?: number } {
  return order !== undefined && /^[1-9]\d{0,14}$/.test(order) ? { orderId: Number(order) } : {};
}

/** Latest first. Keys are ASCII, so they are compared as in PostgreSQL's "C". */
function comparePlaces(one: ProblemPlace, other: ProblemPlace): number {
  if (one.at !== other.at) return one.at < other.at ? 1 : -1;
  return one.key < other.key ? 1 : -1;
}

function readPlace(after: string | undefined): ProblemPlace {
  const [, at, key] = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z) ([\w:-]{1,100})$/.exec(after ?? '') ?? [];
  // A date such as 2026-02-31 would be an error of the database.
  return at !== undefined && key !== undefined && !Number.isNaN(Date.parse(at)) && new Date(at).toISOString().startsWith(at.slice(0, 19))
    ? { at, key }
    : FIRST;
}
