import { Injectable } from '@nestjs/common';
import type { Connection } from '#connections';
import { Clock, Database, isUuid, type Language, type LocalText, textFor, toFirstId } from '#platform';
import { toMoney } from '#provider-kit';
import {
  formatMoment,
  formatMoney,
  type FoundOrder,
  type FoundProblem,
  isAfterPlace,
  type ProblemPlace,
  type RecordsRegistry,
  type RegistryPage,
  type RegistryRequest,
  type RegistryTab,
  selectPlace,
  toOrderLink,
} from '#widgets';
import { DeliveryStoryReader } from './delivery.story-reader.js';
import { texts } from './delivery.texts.js';
import type { DeliveryManifest, DeliveryStatus } from './port/index.js';

/** Rows of a page. */
const PAGE = 25;
/** Value of the filter that selects all statuses with an error. */
const ATTENTION = '!';
/** Days for which a delivery with an error is a problem. */
const PROBLEM_DAYS = 30;
const DAY_MS = 86_400_000;

interface Row {
  id: string;
  order: string;
  number: string | null;
  status: string;
  statusAt: Date;
  track: string | null;
  costMinor: string | null;
  costCurrency: string | null;
  deletedAt: Date | null;
}

const COLUMNS = `id, order_ref AS "order", order_number AS number, status, status_at AS "statusAt", track_number AS track,
  cost_minor AS "costMinor", cost_currency AS "costCurrency", deleted_at AS "deletedAt"`;
/** $1: the connection, $2: the last id of the page before, or null. By the index of a connection. */
const LATEST = `SELECT ${COLUMNS} FROM delivery WHERE connection_id = $1 AND ($2::uuid IS NULL OR id < $2) ORDER BY id DESC LIMIT ${PAGE + 1}`;
/** $3: statuses, each read by the index of a connection's statuses. */
const OF_STATUSES = `SELECT d.* FROM unnest($3::text[]) AS s (status), LATERAL (
    SELECT ${COLUMNS} FROM delivery WHERE connection_id = $1 AND status = s.status AND ($2::uuid IS NULL OR id < $2) ORDER BY id DESC LIMIT ${PAGE + 1}
  ) d ORDER BY d.id DESC LIMIT ${PAGE + 1}`;
/** $3: ids of deliveries. */
const OF_IDS = `SELECT ${COLUMNS} FROM delivery WHERE connection_id = $1 AND id = ANY ($3::uuid[]) AND ($2::uuid IS NULL OR id < $2)
  ORDER BY id DESC LIMIT ${PAGE + 1}`;

/** The tab with a connection's deliveries, newest first. */
@Injectable()
export class DeliveryRegistry implements RecordsRegistry {
  constructor(
    private readonly database: Database,
    private readonly stories: DeliveryStoryReader,
    private readonly clock: Clock,
  ) {}

  describe(_connection: Connection, language: Language): Promise<RegistryTab> {
    return Promise.resolve({ id: 'deliveries', label: textFor(texts.registry.tab, language) });
  }

  async read(connection: Connection, { search, filter, after }: RegistryRequest, language: Language): Promise<RegistryPage> {
    const text = (one: LocalText): string => textFor(one, language);
    const statuses = listStatuses(connection);
    const status = filter?.['status'];
    const page = [connection.id, after !== undefined && isUuid(after) ? after : null];
    const wanted = status === ATTENTION ? listErrors(statuses) : status ? [status] : undefined;
    const found = await (search
      ? this.database.query<Row>(OF_IDS, [...page, await this.search(connection, search)])
      : wanted
        ? this.database.query<Row>(OF_STATUSES, [...page, wanted])
        : this.database.query<Row>(LATEST, page));
    const shown = found.slice(0, PAGE).filter((row) => !wanted || wanted.includes(row.status));
    const last = found.length > PAGE ? found[PAGE - 1] : undefined;
    return {
      filters: [
        {
          id: 'status',
          label: text(texts.registry.columns.status),
          options: [
            { value: ATTENTION, label: text(texts.registry.attention) },
            ...statuses.map(({ code, name }) => ({ value: code, label: text(name) })),
          ],
        },
      ],
      columns: (['order', 'status', 'at', 'track', 'cost'] as const).map((id) => ({ id, label: text(texts.registry.columns[id]) })),
      rows: shown.map(({ id, order, number, status: code, statusAt, track, costMinor, costCurrency, deletedAt }) => {
        const known = statuses.find((one) => one.code === code);
        return {
          id,
          cells: {
            order: number ?? order,
            status: deletedAt ? text(texts.deleted) : known ? text(known.name) : code,
            at: formatMoment(deletedAt ?? statusAt, this.clock.now(), connection, language),
            track: track ?? '',
            cost: costMinor === null || costCurrency === null ? '' : formatMoney(toMoney(Number(costMinor), costCurrency), language),
          },
          tone: deletedAt ? 'plain' : known?.isError ? 'bad' : known?.isFinal ? 'good' : 'plain',
          ...toOrderLink(order),
        };
      }),
      ...(last && { next: last.id }),
      empty: text(search || status ? texts.registry.noneFound : texts.registry.none),
    };
  }

  async findOrders({ id }: Connection, by: { subjects: readonly string[] } | { search: string }): Promise<FoundOrder[]> {
    if ('search' in by) {
      const things = await this.stories.listOfOrder(id, by.search);
      const rows = await this.database.query<Row>(OF_IDS, [id, null, things.map((thing) => thing.id)]);
      return rows.flatMap((row) => [row.id, row.order].map((subject) => ({ subject, id: row.order, number: row.number })));
    }
    // A save is about its order, and everything else about a delivery.
    return this.database.query<FoundOrder>(
      `SELECT id::text AS subject, order_ref AS id, order_number AS number FROM delivery WHERE connection_id = $1 AND id = ANY ($2::uuid[])
       UNION SELECT order_ref, order_ref, order_number FROM delivery WHERE connection_id = $1 AND order_ref = ANY ($3::text[]) AND deleted_at IS NULL`,
      [id, by.subjects.filter(isUuid), by.subjects],
    );
  }

  /** Lists deliveries of the last month that have a status with an error. */
  async listProblems(connection: Connection, { at, key }: ProblemPlace, most: number, language: Language): Promise<FoundProblem[]> {
    const statuses = listStatuses(connection);
    const name = `'delivery:' || id`;
    const rows = await this.database.query<ProblemPlace & { order: string; number: string | null; status: string; comment: string | null }>(
      `SELECT order_ref AS "order", order_number AS number, status, status_comment AS comment, ${selectPlace('status_at', name)} FROM delivery
       WHERE connection_id = $1 AND status = ANY ($4::text[]) AND id >= $5 AND deleted_at IS NULL AND ${isAfterPlace('status_at', name, '$2', '$3')}
       ORDER BY status_at DESC, (${name}) COLLATE "C" DESC LIMIT $6`,
      [connection.id, at, key, listErrors(statuses), toFirstId(new Date(this.clock.now().getTime() - PROBLEM_DAYS * DAY_MS)), most],
    );
    return rows.map(({ order, number, status, comment, ...place }) => {
      const { name: title = texts.registry.attention } = statuses.find(({ code }) => code === status) ?? {};
      return {
        ...{ ...place, order: { id: order, number }, tone: 'bad', advice: textFor(texts.registry.advice, language) },
        text: [textFor(title, language), comment].filter(Boolean).join(': '),
      };
    });
  }

  /** Finds the deliveries of an order, by its id or number, or by a track number. */
  private async search({ id }: Connection, search: string): Promise<string[]> {
    const [things, tracked] = await Promise.all([
      this.stories.listOfOrder(id, search),
      this.database.query<{ id: string }>('SELECT id FROM delivery WHERE track_number = $2 AND connection_id = $1 LIMIT 20', [id, search]),
    ]);
    return [...things, ...tracked].map((thing) => thing.id);
  }
}

function listStatuses({ module }: Connection): readonly DeliveryStatus[] {
  return (module.manifest as DeliveryManifest<object>).statuses;
}

function listErrors(statuses: readonly DeliveryStatus[]): string[] {
  return statuses.filter(({ isError }) => isError).map(({ code }) => code);
}
