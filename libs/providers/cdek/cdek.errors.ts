import { ProviderError } from '#provider-kit';
import type { CdekProblem, CdekRequest } from './cdek.wire.js';

/** CDEK understood a call and refused it: its own codes and words. Nothing was done. */
export class CdekRefusal extends Error {
  constructor(readonly problems: readonly CdekProblem[]) {
    super(problems.map(({ code }) => code).join(', '));
    this.name = 'CdekRefusal';
  }

  /** Whether one of its codes (or additional codes) is, or begins with, this. */
  has(code: string): boolean {
    return this.problems.some((problem) => problem.code.startsWith(code) || problem.additional_code?.startsWith(code) === true);
  }
}

/** There is an order with our number: an earlier call made it. */
const DUPLICATE = 'error_validate_im_dep_number_has_already_had_integration';
/** Also `v2_entity_not_found_im_number`. */
const NOT_FOUND = 'v2_entity_not_found';
const STILL_PROCESSED = 'v2_similar_request_still_processed';
const TOKEN_EXPIRED = 'v2_token_expired';
const INTERNAL = 'v2_internal_error';

export const isDuplicate = (error: unknown): boolean => error instanceof CdekRefusal && error.has(DUPLICATE);
export const isNotFound = (error: unknown): boolean => error instanceof CdekRefusal && error.has(NOT_FOUND);
export const isStillProcessed = (error: unknown): boolean => error instanceof CdekRefusal && error.has(STILL_PROCESSED);
export const isTokenExpired = (error: unknown): boolean => error instanceof CdekRefusal && error.has(TOKEN_EXPIRED);
export const isInternal = (error: unknown): boolean => error instanceof CdekRefusal && error.has(INTERNAL);

/** A place CDEK does not know is no error of a quote: it does not deliver there. */
export const isUnknownPlace = (error: unknown): boolean =>
  error instanceof CdekRefusal && (error.has('v2_recipient_location_not_recognized') || error.has('v2_sender_location_not_recognized'));

/** A courier is called to this address on this day, or for this order, already. */
export const isIntakeThere = (error: unknown): boolean => error instanceof CdekRefusal && error.has('v2_intake_exists_by');

/** The callback's fields that CDEK's codes speak of. */
const FIELDS: Readonly<Record<string, string>> = {
  v2_recipient_location_not_recognized: 'delivery.deliveryAddress.city',
  v2_sender_location_not_recognized: 'delivery.shipmentAddress.city',
  shipment_location_is_not_recognized: 'delivery.shipmentAddress.terminal',
  delivery_location_is_not_recognized: 'delivery.deliveryAddress.terminal',
  v2_order_location_from_and_shipment_point_empty: 'delivery.shipmentAddress',
  v2_order_location_to_and_delivery_point_empty: 'delivery.deliveryAddress',
};

/** The refusal of a request that failed its validation after it was accepted. */
export function refusalOf(request: CdekRequest): CdekRefusal {
  return new CdekRefusal(request.errors ?? []);
}

/** CDEK's words for a refusal, one line that can be shown. */
export function wordsOf(problems: readonly CdekProblem[]): string {
  const words = problems.map(({ message, code }) => plain(message ?? '') || code.replaceAll('_', ' '));
  return cut([...new Set(words)].join('; '), 250) || 'no reason was given';
}

/** What the CRM's user is told: a refusal in CDEK's words, anything else as it is. */
export function explain(error: unknown): unknown {
  if (!(error instanceof CdekRefusal)) return error;
  const message = `CDEK: ${wordsOf(error.problems)}`;
  if (isStillProcessed(error)) return new ProviderError('unknown_outcome', message, { cause: error });
  const fields = Object.fromEntries(
    error.problems.flatMap(({ code, message: words }) => {
      const field = FIELDS[code];
      return field === undefined ? [] : [[field, plain(words ?? '') || 'was not recognised']];
    }),
  );
  return new ProviderError('rejected', message, { cause: error, ...(Object.keys(fields).length > 0 && { fields }) });
}

/** The answer, or the refusal in the port's words. */
export async function explained<T>(answer: Promise<T>): Promise<T> {
  try {
    return await answer;
  } catch (error) {
    throw explain(error);
  }
}

/** At most so many characters, by code points. */
export function cut(text: string, most: number): string {
  const points = [...text];
  return points.length <= most ? text : points.slice(0, most).join('').trimEnd();
}

/** One line without markup and addresses. */
function plain(text: string): string {
  return text
    .replace(/https?:\/\/\S+/g, '')
    .replace(/<[^>]*>/g, ' ')
    .replace(/\bnull\b|\bundefined\b|\bNaN\b/g, '–')
    .replace(/\s+/g, ' ')
    .trim();
}
