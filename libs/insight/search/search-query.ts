import { isUuid, normalisePhone } from '#platform';

/** Kinds of search hits. */
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

/** A search hit. */
export interface SearchHit {
  readonly kind: SearchHitKind;
  readonly id: string;
  readonly connectionId: string;
  /** Its name, such as `Delivery of order 7C`. */
  readonly title: string;
  /** Its state now. */
  readonly state: string;
  /** Time of the last state change, or of its creation. */
  readonly at: Date;
  /** The property that matched: `track number`, `order number`. */
  readonly matched: string;
}

/** An operator's search text with its possible meanings. */
export interface SearchQuery {
  /** The text without spaces around it. */
  readonly text: string;
  /** The text in lower case, if it is a UUID. */
  readonly uuid?: string;
  /** The text as E.164, if it may be a phone number. Several numbers if the country is not known. */
  readonly phones: readonly string[];
  /** The text as the beginning of a host, if it may be one. */
  readonly host?: string;
}

const MOST_CHARACTERS = 100;
const PHONE = /^\+?[\d\s().-]{7,25}$/;
const HOST = /^(?:https?:\/\/)?([a-z0-9-]+(?:\.[a-z0-9-]*)*)(?::\d+)?(?:\/.*)?$/i;
/** Countries of phone numbers without a country code. */
const COUNTRIES = ['RU', 'ES', 'MX'];

/** Finds the possible meanings of a search text. */
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
