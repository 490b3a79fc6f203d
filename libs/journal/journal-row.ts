import { newId } from '#platform';
import type { JournalEntryEntity } from './journal.entity.js';
import type { JournalBody, JournalEntry } from './journal-entry.js';
import { maskBody, readBody } from './mask/mask-body.js';
import { maskAddress, maskWords } from './mask/mask-value.js';
import type { JournalHashes } from './journal-hashes.js';
import { collectSubjects, Subjects } from './subjects.js';

/** PostgreSQL types of the columns except for the bodies. */
export const COLUMN_TYPES = {
  ...{ id: 'uuid', at: 'timestamptz', connection_id: 'uuid', module: 'text', provider: 'text', kind: 'text', name: 'text', verb: 'text' },
  ...{ address: 'text', status: 'int', outcome: 'text', error: 'text', duration_ms: 'real', request: 'text' },
  ...{ subjects: 'text[]', phones: 'text[]' },
} satisfies Record<Snake<Exclude<keyof JournalEntryEntity, 'requestBody' | 'replyBody'>>, string>;
/** Names of these columns. */
export const COLUMNS = Object.keys(COLUMN_TYPES) as readonly (keyof typeof COLUMN_TYPES)[];

/** A row of the journal, for the database. */
export interface JournalRow {
  /** When the exchange started, in milliseconds since 1970. */
  readonly at: number;
  /** The values of the columns except for the bodies, in PostgreSQL's text format. */
  readonly columns: Readonly<Record<keyof typeof COLUMN_TYPES, string | null>>;
  /** The bodies, each a StoredBody as JSON in one line. */
  readonly requestBody: string | undefined;
  readonly replyBody: string | undefined;
}
type Snake<Name extends string> = Name extends `${infer First}${infer Rest}`
  ? First extends Lowercase<First>
    ? `${First}${Snake<Rest>}`
    : `_${Lowercase<First>}${Snake<Rest>}`
  : '';

/** Characters that need escaping. Very few values contain one. */
const SPECIAL = /["\\]/;

/** Makes the row of an entry, with everything masked. `at`: milliseconds since 1970. */
export function toRow(entry: JournalEntry, at: number, hashes: JournalHashes): JournalRow {
  const phones = new Set<string>();
  const [request, reply] = [readBody(entry.requestBody), readBody(entry.replyBody)];
  const requestBody = maskBody(entry.requestBody, phones, request);
  const replyBody = maskBody(entry.replyBody, phones, reply);
  const hashed = phones.size > 0 ? hashes.hash(phones, entry.country) : [];
  const subjects = listSubjects(entry, [request, reply], hashes);
  const columns: JournalRow['columns'] = {
    id: newId(at),
    at: new Date(at).toISOString(),
    connection_id: entry.connectionId ?? null,
    module: entry.module === undefined ? null : toPlain(entry.module).slice(0, 60),
    provider: entry.provider ?? null,
    kind: entry.kind,
    name: toPlain(entry.name).slice(0, 100),
    verb: entry.verb ?? null,
    address:
      entry.address === undefined
        ? null
        : toPlain(maskAddress(entry.address, [entry.module, entry.provider, ...(entry.route?.split('/') ?? [])])),
    status: entry.status?.toString() ?? null,
    outcome: entry.outcome,
    error: entry.error === undefined ? null : toPlain(maskWords(entry.error)),
    duration_ms: String(Math.round(entry.durationMs * 10) / 10),
    request: entry.request ?? null,
    subjects: subjects.length > 0 ? toArray(subjects) : null,
    phones: hashed.length > 0 ? toArray(hashed) : null,
  };
  return { at, columns, requestBody, replyBody };
}

/** Writes an array in PostgreSQL's text format. */
export function toArray(values: readonly (string | null)[]): string {
  return `{${values.map(toElement).join()}}`;
}

function toElement(value: string | null): string {
  if (value === null) return 'NULL';
  return `"${SPECIAL.test(value) ? value.replace(/["\\]/g, '\\$&') : value}"`;
}

function listSubjects({ subjects, subjectsInBodies }: JournalEntry, bodies: readonly unknown[], hashes: JournalHashes): string[] {
  const all = new Subjects();
  all.add(...(subjects instanceof Subjects ? subjects.list() : (subjects ?? [])));
  if (subjectsInBodies) for (const body of bodies) collectSubjects(body, (subject) => all.add(subject));
  return all.list().map((subject) => hashes.hideSubject(subject));
}

/** Estimates the bytes of an entry in memory. Must be cheap, because it runs for every callback. */
export function estimateBytes({ requestBody, replyBody }: JournalEntry): number {
  return 500 + estimateBody(requestBody) + estimateBody(replyBody);
}

function estimateBody(body: JournalBody | undefined): number {
  const content = body?.content;
  if (content === undefined) return 0;
  if (typeof content === 'string') return content.length;
  return content instanceof Uint8Array ? content.byteLength : (body?.size ?? 4_000);
}

/** Removes characters that PostgreSQL does not accept in a text: NUL, and half of a surrogate pair. */
function toPlain(text: string): string {
  return text.replaceAll('\0', '').toWellFormed();
}
