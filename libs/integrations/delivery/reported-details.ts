import { isDeepStrictEqual } from 'node:util';
import type { CollectedMoney, RelatedParcel, Reported } from './port/index.js';

/** The reported values about money and parcels, which are independent of the status they come with. */
export type Details = Pick<Reported, 'trackUrl' | 'collected' | 'delivered' | 'parcels' | 'related' | 'warnings'>;

type Stored<Value> = { [Name in keyof Value]: Value[Name] extends Date | undefined ? string : Value[Name] };

/** Details as JSON keeps them. */
export interface StoredDetails extends Pick<Details, 'trackUrl' | 'delivered' | 'parcels' | 'warnings'> {
  collected?: Stored<CollectedMoney>;
  related?: readonly Stored<RelatedParcel>[];
}

/** Reads stored details. */
export function readDetails({ trackUrl, collected, delivered, parcels, related, warnings }: StoredDetails): Details {
  return {
    ...(trackUrl && { trackUrl }),
    ...(collected && { collected: readMoment(collected) }),
    ...(delivered && { delivered }),
    ...(parcels && { parcels }),
    ...(related && { related: related.map((parcel) => readMoment<RelatedParcel>(parcel)) }),
    ...(warnings && { warnings }),
  };
}

/** Details for the database. Null if there are none. */
export function writeDetails({ trackUrl, collected, delivered, parcels, related, warnings }: Details): StoredDetails | null {
  const values = { trackUrl: readLink(trackUrl), collected, delivered, parcels, related, warnings };
  const stored = JSON.parse(JSON.stringify(values)) as StoredDetails;
  return Object.keys(stored).length > 0 ? stored : null;
}

/** Adds newer details to earlier ones. A parcel that has ended does not go again. */
export function mergeDetails(held: Details, told: Details): Details {
  const ended = new Map((held.related ?? []).filter(({ state }) => state !== 'going').map((parcel) => [parcel.externalId, parcel]));
  const news = told.related?.map((parcel) => (parcel.state === 'going' ? (ended.get(parcel.externalId) ?? parcel) : parcel));
  const named = new Set(news?.map(({ externalId }) => externalId));
  const related = news && [...(held.related ?? []).filter(({ externalId }) => !named.has(externalId)), ...news];
  const trackUrl = readLink(told.trackUrl) ?? held.trackUrl;
  const { collected = held.collected, delivered = held.delivered, parcels = held.parcels, warnings = held.warnings } = told;
  return {
    ...(trackUrl && { trackUrl }),
    ...(collected && { collected }),
    ...(delivered && { delivered }),
    ...(parcels && { parcels }),
    ...(warnings && { warnings }),
    ...((related ?? held.related) && { related: related ?? held.related }),
  };
}

/** Whether details would be stored alike. */
export function areSameDetails(left: Details, right: Details): boolean {
  return isDeepStrictEqual(writeDetails(left), writeDetails(right));
}

/** Returns an https address. A carrier's other one must not fail a delivery that exists. */
function readLink(address: string | undefined): string | undefined {
  return address !== undefined && URL.canParse(address) && new URL(address).protocol === 'https:' ? address : undefined;
}

function readMoment<Value extends { at?: Date }>({ at, ...rest }: Stored<Value> & { at?: string }): Value {
  return { ...rest, ...(at !== undefined && { at: new Date(at) }) } as unknown as Value;
}
