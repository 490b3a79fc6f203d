import { isDeepStrictEqual } from 'node:util';
import { fillIn, type Language, textFor } from '#platform';
import { cutText } from '#provider-kit';
import { texts } from './delivery.texts.js';
import type { Parcel, RelatedParcel, Reported } from './port/index.js';

/** New facts that the CRM has no fields for. They are sent in the comment of the status. */
export interface TrackingRemarks {
  /** The items of a delivery in part. Empty: none was taken. */
  taken?: { name: string; quantity: number; of: number }[];
  related?: Omit<RelatedParcel, 'at'>[];
}

/** Longest comment, characters. */
const MOST_CHARACTERS = 500;

/** Finds the parcels that come back, and the items taken, that a report has changed. */
export function findRemarks(before: Reported, after: Reported, parcels: readonly Parcel[]): TrackingRemarks | undefined {
  const remarks: TrackingRemarks = {};
  if (after.delivered && !isDeepStrictEqual(before.delivered, after.delivered))
    remarks.taken = after.delivered.map(({ parcel, item, quantity }) => {
      const { name, quantity: of = quantity } = parcels[parcel]?.items[item] ?? {};
      return { name: name ?? `${parcel + 1}/${item + 1}`, quantity, of };
    });
  const related = (after.related ?? [])
    .map(({ at: _at, ...parcel }) => parcel)
    .filter((parcel) => !before.related?.some(({ at: _at, ...known }) => isDeepStrictEqual(known, parcel)));
  if (related.length > 0) remarks.related = related;
  return remarks.taken || remarks.related ? remarks : undefined;
}

/** Describes remarks in a language, after a comment of the carrier. */
export function addRemarks(comment: string | undefined, { taken, related = [] }: TrackingRemarks, language: Language): string {
  const { takenOf, nothing } = texts.comment;
  const items = taken?.map((one) => textFor(fillIn(takenOf, one), language)).join(', ');
  const sentences = [
    comment,
    taken && textFor(items ? fillIn(texts.comment.taken, { items }) : nothing, language),
    ...related.map(({ kind, trackNumber, externalId, state }) => {
      const [what, where] = [texts.widget.related[kind], texts.widget.relatedState[state]];
      return `${textFor(what, language)} ${trackNumber ?? externalId}: ${textFor(where, language)}`;
    }),
  ];
  return cutText(sentences.filter(Boolean).join('. '), MOST_CHARACTERS);
}
