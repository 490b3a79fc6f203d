import { ArrayMaxSize, IsArray, IsOptional, IsString, Matches } from 'class-validator';
import type { ReplayedEvent } from '#inbox';
import type { ReplayedRow } from '#outbox';
import { BadInputError, CallbackError, isUuid, notFound, getParser } from '#platform';

/** The result of a replay. */
export interface Replayed<Item> {
  /** Number of items that are queued again. */
  replayed: number;
  /** The result of each item: `outcome`, and `reason` if it is not queued again. */
  items: Item[];
}

/** Failed items to send again. Without any criterion, all of them, up to 1,000. */
export class ReplayDto {
  @IsOptional() @IsArray() @ArrayMaxSize(1_000) @Matches(/^\d{1,18}$/, { each: true, message: 'must be ids of entries' }) ids?: string[];
  /** Public id of the connection. */
  @IsOptional() @IsString() connection?: string;
}

/** Reads the items to replay from a body. Throws BadInputError. */
export function readReplay(body: unknown): { ids?: string[]; connectionId?: string } {
  const { ids, connection } = getParser(ReplayDto).parse(body ?? {});
  if (connection !== undefined && !isUuid(connection)) throw new BadInputError({ connection: 'is not the id of a connection' });
  return { ...(ids && { ids }), ...(connection && { connectionId: connection }) };
}

/** Counts the items that are queued again. */
export function toReplayed<Item extends ReplayedRow | ReplayedEvent>(items: Item[]): Replayed<Item> {
  return { replayed: items.filter((item) => item.outcome === 'queued').length, items };
}

/** Does the same for a single item. Throws 404, or 409 with the reason, if it is not queued again. */
export function toReplayedOne<Item extends ReplayedRow | ReplayedEvent>(what: string, items: Item[]): Replayed<Item> {
  const [item] = items;
  if (!item || item.outcome === 'not-found') throw notFound(what, item?.id ?? '');
  if (item.outcome === 'dropped') throw new CallbackError(409, `The ${what} was dropped instead of replayed: ${item.reason ?? ''}.`);
  if (item.outcome === 'not-failed')
    throw new CallbackError(409, `The ${what} was not replayed: ${item.reason ?? ''}. It can only be replayed after it has failed.`);
  return toReplayed(items);
}
