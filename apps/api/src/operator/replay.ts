import { ArrayMaxSize, IsArray, IsOptional, IsString, Matches } from 'class-validator';
import type { ReplayedEvent } from '#inbox';
import type { ReplayedRow } from '#outbox';
import { BadInputError, CallbackError, isUuid, notFound, getParser } from '#platform';

/** What a replay did. */
export interface Replayed<Item> {
  /** How many are back in line. */
  replayed: number;
  /** What was done to each: `outcome` and, where it is not back in line, `reason`. */
  items: Item[];
}

/** Which set-aside entries to send again; none named: all of them, up to 1,000. */
export class ReplayDto {
  @IsOptional() @IsArray() @ArrayMaxSize(1_000) @Matches(/^\d{1,18}$/, { each: true, message: 'must be ids of entries' }) ids?: string[];
  /** Public id of the connection. */
  @IsOptional() @IsString() connection?: string;
}

/** What a body asks to be replayed. Throws BadInputError. */
export function readReplay(body: unknown): { ids?: string[]; connectionId?: string } {
  const { ids, connection } = getParser(ReplayDto).parse(body ?? {});
  if (connection !== undefined && !isUuid(connection)) throw new BadInputError({ connection: 'is not the id of a connection' });
  return { ...(ids && { ids }), ...(connection && { connectionId: connection }) };
}

/** Counts what is back in line. */
export function toReplayed<Item extends ReplayedRow | ReplayedEvent>(items: Item[]): Replayed<Item> {
  return { replayed: items.filter((item) => item.outcome === 'queued').length, items };
}

/** Of the replay of one: throws 404 or 409, saying why, when it is not back in line. */
export function toReplayedOne<Item extends ReplayedRow | ReplayedEvent>(what: string, items: Item[]): Replayed<Item> {
  const [item] = items;
  if (!item || item.outcome === 'not-found') throw notFound(what, item?.id ?? '');
  if (item.outcome === 'dropped') throw new CallbackError(409, `The ${what} is not replayed but dropped: ${item.reason ?? ''}.`);
  if (item.outcome === 'not-failed')
    throw new CallbackError(409, `The ${what} is not replayed: ${item.reason ?? ''}, and only a failed one can be.`);
  return toReplayed(items);
}
