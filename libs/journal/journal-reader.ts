import { Injectable } from '@nestjs/common';
import { Database, defineOperatorList, isUuid, type Page, PageDto, readPage, toFirstId } from '#platform';
import type { JournalKind } from './journal-entry.js';
import { JournalEntryEntity } from './journal.entity.js';
import { JournalHashes } from './journal-hashes.js';

/** `in`: the CRM or a provider called us. `out`: we called them. */
export type JournalDirection = 'in' | 'out';

/** Selects rows. All given criteria must match. */
export interface JournalFilter extends PageDto {
  /** Id of the connection. */
  readonly connection?: string | undefined;
  /** Rows about any of these, such as `order:7`. */
  readonly subjects?: readonly string[] | undefined;
  /** Numbers of requests. Selects rows of any of them. With `subjects`: rows that match either. */
  readonly requests?: readonly string[] | undefined;
  /** A phone in a body, preferably with its country code. */
  readonly phone?: string | undefined;
  readonly module?: string | undefined;
  readonly provider?: string | undefined;
  readonly kind?: JournalKind | undefined;
  readonly direction?: JournalDirection | undefined;
  readonly name?: string | undefined;
  /** `ok`, `failed` (all others), or a single outcome. */
  readonly outcome?: string | undefined;
  /** Excludes these outcomes. */
  readonly notOutcomes?: readonly string[] | undefined;
  readonly from?: Date | undefined;
  /** Exclusive. */
  readonly to?: Date | undefined;
}

/** A row without its bodies. */
export interface JournalHead extends Omit<JournalEntryEntity, 'requestBody' | 'replyBody' | 'phones' | 'subjects'> {
  direction: JournalDirection;
  /** Its subjects, such as `order:7`. */
  subjects: string[];
}

/** Time and outcome of an exchange. */
export type JournalMoment = Pick<JournalEntryEntity, 'at' | 'kind' | 'outcome' | 'durationMs'>;

const HEAD = `j.id, j.at, j.connection_id AS "connectionId", j.module, j.provider, j.kind, j.name, j.verb, j.address, j.status, j.outcome, j.error,
  j.duration_ms AS "durationMs", j.request, j.subjects`;
const INCOMING: ReadonlySet<JournalKind> = new Set(['callback', 'webhook']);

/** A filter with the values that the database compares. */
interface SqlFilter extends Omit<JournalFilter, 'phone' | 'from' | 'to' | 'direction'> {
  kinds?: JournalKind[] | undefined;
  hashes?: string[] | undefined;
  /** The smallest id, because ids begin with their time. */
  first?: string | undefined;
  end?: string | undefined;
}

const about = ({ requests }: SqlFilter): string =>
  requests ? '(j.subjects && :subjects::text[] OR j.request = ANY (:requests))' : 'j.subjects && :subjects::text[]';

const JOURNAL_LIST = defineOperatorList<SqlFilter, JournalHead, JournalHead>({
  from: { columns: HEAD, tables: 'journal_entry j' },
  where: {
    connection: 'j.connection_id = :connection',
    // Set by `list`, because they depend on each other.
    subjects: 'TRUE',
    requests: 'TRUE',
    hashes: 'j.phones && :hashes::text[]',
    module: 'j.module = :module',
    provider: 'j.provider = :provider',
    kind: 'j.kind = :kind',
    kinds: 'j.kind = ANY (:kinds)',
    name: 'j.name = :name',
    outcome: (outcome) =>
      outcome === undefined
        ? 'TRUE'
        : outcome === 'failed'
          ? `j.outcome <> 'ok'`
          : outcome === 'ok'
            ? `j.outcome = 'ok'`
            : `j.outcome = :outcome AND j.outcome <> 'ok'`,
    notOutcomes: 'j.outcome <> ALL (:notOutcomes::text[])',
    first: 'j.id >= :first',
    end: 'j.id < :end',
  },
  order: { 'j.id': 'DESC' },
  view: ({ id, at, connectionId, module, provider, kind, name, verb, address, status, outcome, error, durationMs, request, subjects }) => ({
    ...{ id, at, connectionId, module, provider, kind, direction: directionOf(kind), name, verb, address, status, outcome, error },
    ...{ durationMs, request, subjects: subjects ?? [] },
  }),
});

/** Reads the journal, the newest rows first. */
@Injectable()
export class JournalReader {
  constructor(
    private readonly database: Database,
    private readonly hashes: JournalHashes,
  ) {}

  /**
   * Returns one page of the rows that match a filter. `country`: for a phone without a country code. Throws
   * BadInputError for a wrong page.
   */
  async list({ phone, from, to, direction, ...filter }: JournalFilter, country?: string): Promise<Page<JournalHead>> {
    const { requests } = filter;
    const subjects = filter.subjects && this.listStored(filter.subjects);
    const sql: SqlFilter = {
      ...filter,
      ...(subjects && { subjects }),
      ...(direction && { kinds: direction === 'in' ? ['callback', 'webhook'] : ['provider', 'crm'] }),
      ...(phone !== undefined && { hashes: this.hashes.search(phone, country) }),
      ...(from && { first: toFirstId(from) }),
      ...(to && { end: toFirstId(to) }),
    };
    const where = {
      ...JOURNAL_LIST.where,
      subjects: subjects ? about(sql) : 'TRUE',
      requests: requests && !subjects ? 'j.request = ANY (:requests)' : 'TRUE',
    };
    return readPage(this.database, { ...JOURNAL_LIST, where }, sql);
  }

  /**
   * Lists time and outcome of the exchanges of a connection, or of all connections of some modules, since a
   * time, the newest first. `without`: names of exchanges whose successes are left out. `most`: maximum
   * number of rows.
   */
  listMoments(of: string | readonly string[], from: Date, without: readonly string[], most: number): Promise<JournalMoment[]> {
    return this.database.query<JournalMoment>(
      `SELECT at, kind, outcome, duration_ms AS "durationMs" FROM journal_entry
       WHERE ${typeof of === 'string' ? 'connection_id = $1' : 'connection_id IN (SELECT c.id FROM connection c WHERE c.module_code = ANY ($1))'}
         AND id >= $2 AND (outcome <> 'ok' OR name <> ALL ($3)) ORDER BY id DESC LIMIT $4`,
      [of, toFirstId(from), without, most],
    );
  }

  /** Returns subjects in the format of rows, in which an id that may be personal is hidden. */
  listStored(subjects: readonly string[]): string[] {
    return subjects.flatMap((subject) => this.hashes.searchSubject(subject));
  }

  /** Returns a row with its bodies. Undefined if it does not exist, or no longer exists. */
  async find(id: string): Promise<JournalEntryEntity | undefined> {
    if (!isUuid(id)) return undefined;
    return (await this.database.dataSource.getRepository(JournalEntryEntity).findOneBy({ id })) ?? undefined;
  }
}

/** Returns whether an exchange was received or sent by us. */
export function directionOf(kind: JournalKind): JournalDirection {
  return INCOMING.has(kind) ? 'in' : 'out';
}
