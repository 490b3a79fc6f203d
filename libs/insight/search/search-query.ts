import { isUuid, normalisePhone } from '#platform';

/** Kinds of things that a search finds. */
export type SearchHitKind =
  | 'delivery'
  | 'payment'
  | 'call'
  | 'dialogue'
  | 'order'
  | 'connection'
  | 'operation'
  | 'message'
  | 'event'
  | 'exchange';

/** Something that a search found. */
export interface SearchHit {
  readonly kind: SearchHitKind;
  readonly id: string;
  readonly connectionId: string;
  /** What it is, such as `Delivery of order 7C`. */
  readonly title: string;
  /** Its state now. */
  readonly state: string;
  /** When that changed, or it came about. */
  readonly at: Date;
  /** What was found by: `track number`, `order number`. */
  readonly matched: string;
}

/** What somebody looks for, as it may be read. */
export interface SearchQuery {
  /** As it was typed, without spaces around it. */
  readonly text: string;
  /** In lower case, where it is a UUID. */
  readonly uuid?: string;
  /** As E.164, where it may be a phone number; several where its country is not known. */
  readonly phones: readonly string[];
  /** Beginning of a host, where it may be one. */
  readonly host?: string;
}

const MOST_CHARACTERS = 100;
const PHONE = /^\+?[\d\s().-]{7,25}$/;
const HOST = /^(?:https?:\/\/)?([a-z0-9-]+(?:\.[a-z0-9-]*)*)(?::\d+)?(?:\/.*)?$/i;
/** Where numbers without a country may be from. */
const COUNTRIES = ['RU', 'ES', 'MX'];

/** Reads what somebody looks for. */
export function readSearch(typed: string): SearchQuery {
  const text = typed.trim().slice(0, MOST_CHARACTERS);
  const lower = text.toLowerCase();
  const host = HOST.exec(lower)?.[1];
  const phones = PHONE.test(text) ? COUNTRIES.map((country) => normalisePhone(text, country)) : [];
  return {
    text,
    ...(isUuid(lower) && { uuid: lower }),
    phones: [...new Set(phones.filter((phone) => phone !== undefined))],
    ...(host !== undefined && { host }),
  };
}
