import { decimal, maybe, shape, type Shaped, text, whole } from '#provider-kit';

/** A city of `GET /location/cities`. */
export const wireCity = shape({
  code: whole,
  city: text,
  country_code: maybe(text),
  region: maybe(text),
  payment_limit: maybe(decimal),
});

/** A stored city of CDEK's. */
export interface City {
  code: number;
  city: string;
  country?: string;
  region?: string;
  /** The maximum amount collected here, in whole units. 0 means no cash. Missing means no limit. */
  cashLimit?: number;
}

/** `payment_limit` of a city that collects any amount. */
const NO_LIMIT = -1;

/** Converts a city to the form that is stored. */
export function toCity({ code, city, country_code, region, payment_limit = NO_LIMIT }: Shaped<typeof wireCity>): City {
  return {
    code,
    city,
    ...(country_code && { country: country_code }),
    ...(region && { region }),
    ...(payment_limit >= 0 && { cashLimit: payment_limit }),
  };
}
