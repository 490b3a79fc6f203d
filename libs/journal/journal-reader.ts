import { Injectable } from '@nestjs/common';
import { Database, defineOperatorList, isUuid, type Page, PageDto, readPage, toFirstId } from '#platform';
import type { JournalKind } from './journal-entry.js';
import { JournalEntryEntity } from './journal.entity.js';
import { JournalHashes } from './journal-hashes.js';

/** Who called: the CRM or a provider us, or we them. */
export type JournalDirection = 'in' | 'out';

/** Which rows are wanted; all that is named must hold. */
export interface JournalFilter extends PageDto {
  /** Id of the connection. */
  readonly connection?: string | undefined;
  /** Rows about any of these, such as `order:7`. */
  readonly subjects?: readonly string[] | undefined;
  /** Numbers of requests; rows of any of these. Together with `subjects`: rows of either. */
  readonly requests?: readonly string[] | undefined;
  /** A phone that is in a body; best with its country's code. */
  readonly phone?: string | undefined;
  readonly module?: string | undefined;
  readonly provider?: string | undefined;
  readonly kind?: JournalKind | undefined;
  readonly direction?: JournalDirection | undefined;
  readonly name?: string | undefined;
  /** `ok`, `failed` (all others), or one of them. */
  readonly outcome?: string | undefined;
  /** None of these. */
  readonly notOutcomes?: readonly string[] | undefined;
  readonly from?: Date | undefined;
  /** Exclusive. */
  readonly to?: Date | undefined;
}

/** A row without its bodies. */
export interface JournalHead extends Omit<JournalEntryEntity, 'requestBody' | 'replyBody' | 'phones' | 'subjects'> {
  direction: JournalDirection;
  /** What it is about, such as `order:7`. */
  subjects: string[];
}

/** When and how an exchange ended. */
export type JournalMoment = Pick<JournalEntryEntity, 'at' | 'kind' | 'outcome' | 'durationMs'>;

const HEAD = `j.id, j.at, j.connection_id AS "connectionId", j.module, j.provider, j.kind, j.name, j.verb, j.address, j.status, j.outcome, j.error,
  j.duration_ms AS "durationMs", j.request, j.subjects`;
const INCOMING: ReadonlySet<JournalKind> = new Set(['callback', 'webhook']);

/** A filter with what the database compares. */
interface SqlFilter extends Omit<JournalFilter, 'phone' | 'from' | 'to' | 'direction'> {
  kinds?: JournalKind[] | undefined;
  hashes?: string[] | undefined;
  /** Ids begin with their time. */
  first?: string | undefined;
  end?: string | undefined;
}

const about = ({ requests }: SqlFilter): string =>
  requests ? '(j.subjects && :subjects::text[] OR j.request = ANY (:requests))' : 'j.subjects && :subjects::text[]';

const JOURNAL_LIST = defineOperatorList<SqlFilter, JournalHead, JournalHead>({
  from: { columns: HEAD, tables: 'journal_entry j' },
  where: {
    connection: 'j.connection_id = :connection',
    // Set by `list`, as they depend on each other.
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
   * Returns one page of the rows of a filter. `country`: of a phone without one. Throws BadInputError for a
   * wrong page.
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
   * Lists when and how the exchanges of a connection, or of all connections of some modules, ended, from a
   * time on, the newest first. `without`: names of exchanges that are left out if they were ok. `most`: how
   * many rows at most.
   */
  listMoments(of: string | readonly string[], from: Date, without: readonly string[], most: number): Promise<JournalMoment[]> {
    return this.database.query<JournalMoment>(
      `SELECT at, kind, outcome, duration_ms AS "durationMs" FROM journal_entry
       WHERE ${typeof of === 'string' ? 'connection_id = $1' : 'connection_id IN (SELECT c.id FROM connection c WHERE c.module_code = ANY ($1))'}
         AND id >= $2 AND (outcome <> 'ok' OR name <> ALL ($3)) ORDER BY id DESC LIMIT $4`,
      [of, toFirstId(from), without, most],
    );
  }

  /** Returns subjects as rows have them: an id that may be somebody's is not shown. */
  listStored(subjects: readonly string[]): string[] {
    return subjects.flatMap((subject) => this.hashes.searchSubject(subject));
  }

  /** Returns a row with its bodies; undefined when there is none, or no longer. */
  async find(id: string): Promise<JournalEntryEntity | undefined> {
    if (!isUuid(id)) return undefined;
    return (await this.database.dataSource.getRepository(JournalEntryEntity).findOneBy({ id })) ?? undefined;
  }
}

/** Whether an exchange came to us or went out. */
export function directionOf(kind: JournalKind): JournalDirection {
  return INCOMING.has(kind) ? 'in' : 'out';
}
