import { cleanText, ProviderError, quoteReasons } from '#provider-kit';
import { type CdekProblem, type CdekRequest, isInvalid } from './cdek.requests.js';

/** CDEK understood a call and refused it, in its own codes and words. Nothing was done. */
export class CdekRefusal extends Error {
  constructor(readonly problems: readonly CdekProblem[]) {
    super(problems.map(({ code }) => code).join(', '));
    this.name = 'CdekRefusal';
  }

  /** Whether one of its codes (or additional codes) is, or begins with, `code`. */
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

/** CDEK does not know a place of a quote. That is no error: it does not deliver there. */
export const isUnknownPlace = (error: unknown): boolean =>
  error instanceof CdekRefusal && (error.has('v2_recipient_location_not_recognized') || error.has('v2_sender_location_not_recognized'));

/** A courier already comes to this address on this day, or for this order. */
export const isIntakeThere = (error: unknown): boolean => error instanceof CdekRefusal && error.has('v2_intake_exists_by');

/** The callback's fields that CDEK's codes are about. */
const FIELDS: Readonly<Record<string, string>> = {
  v2_recipient_location_not_recognized: 'delivery.deliveryAddress.city',
  v2_sender_location_not_recognized: 'delivery.shipmentAddress.city',
  shipment_location_is_not_recognized: 'delivery.shipmentAddress.terminal',
  delivery_location_is_not_recognized: 'delivery.deliveryAddress.terminal',
  v2_order_location_from_and_shipment_point_empty: 'delivery.shipmentAddress',
  v2_order_location_to_and_delivery_point_empty: 'delivery.deliveryAddress',
};

/** The refusal of a request that failed its validation after CDEK had accepted it. */
export function toRefusal(request: CdekRequest | undefined): CdekRefusal {
  return new CdekRefusal(request?.errors ?? []);
}

/** Returns CDEK's words for a refusal as a sentence that can be shown to the CRM's user. */
export function describeProblems(problems: readonly CdekProblem[]): string {
  return `CDEK: ${quoteProblems(problems)}`;
}

/** Returns the same words in quotation marks, for a sentence. */
export function quoteProblems(problems: readonly CdekProblem[]): string {
  return quoteReasons(listReasons(problems)) ?? '–';
}

function listReasons(problems: readonly CdekProblem[]): string[] {
  return problems.map(({ message, code }) => message || code.replaceAll('_', ' '));
}

/** The ProviderError for a CdekRefusal, in CDEK's words; other errors unchanged. */
export function explain(error: unknown): unknown {
  if (!(error instanceof CdekRefusal)) return error;
  const message = describeProblems(error.problems);
  if (isStillProcessed(error)) return new ProviderError('unknown_outcome', message, { cause: error });
  const fields = Object.fromEntries(
    error.problems.flatMap(({ code, message: words }) => {
      const field = FIELDS[code];
      return field === undefined ? [] : [[field, cleanText(words ?? '') || 'was not recognised']];
    }),
  );
  return new ProviderError('rejected', message, { cause: error, ...(Object.keys(fields).length > 0 && { fields }) });
}

/** Throws ProviderError when CDEK refused one of the requests it has just accepted. */
export function throwIfInvalid(requests: readonly CdekRequest[]): void {
  const refused = requests.find(isInvalid);
  if (refused) throw explain(toRefusal(refused));
}

/** Awaits an answer of the client. Throws ProviderError where CDEK refused. */
export async function explainRefusal<T>(answer: Promise<T>): Promise<T> {
  try {
    return await answer;
  } catch (error) {
    throw explain(error);
  }
}

/** Awaits a client's answer; undefined when CDEK does not know the object. Throws ProviderError. */
export async function unlessMissing<T>(answer: Promise<T>): Promise<T | undefined> {
  try {
    return await answer;
  } catch (error) {
    if (isNotFound(error)) return undefined;
    throw explain(error);
  }
}
