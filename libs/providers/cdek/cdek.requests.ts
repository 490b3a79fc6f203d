import { list, maybe, quoteRefusal, say, shape, type Shaped, text, truth } from '#provider-kit';
import type { CdekContext } from './cdek.settings.js';
import { texts } from './cdek.texts.js';

/*
 * CDEK's API v2 accepts a request first and validates it later. Weights are grams, sides whole centimetres.
 */

/** One of CDEK's objections to a request. */
export const problem = shape({ code: text, additional_code: maybe(text), message: maybe(text) });
export type CdekProblem = Shaped<typeof problem>;

/** The result of a request: type CREATE, UPDATE, DELETE, state ACCEPTED, WAITING, SUCCESSFUL, INVALID. */
export const request = shape({
  ...{ request_uuid: maybe(text), type: maybe(text), state: text, date_time: maybe(text) },
  errors: maybe(list(problem)),
});
export type CdekRequest = Shaped<typeof request>;

/** A status of an order, a visit or a print job; `deleted`: CDEK took it back. */
export const status = shape({
  ...{ code: text, name: maybe(text), date_time: text, reason_code: maybe(text), city: maybe(text), deleted: maybe(truth) },
});

/** Whether CDEK is still validating the request. */
export function isPending(request: CdekRequest | undefined): boolean {
  return request?.state === 'ACCEPTED' || request?.state === 'WAITING';
}

/** Whether CDEK rejected the request. */
export function isInvalid(request: CdekRequest | undefined): boolean {
  return request?.state === 'INVALID';
}

/** Returns CDEK's words for a refusal as a sentence for the CRM's user. */
export function describeProblems(problems: readonly CdekProblem[] = [], context: CdekContext): string {
  return quoteRefusal(say(texts.title, context), listReasons(problems), '–');
}

/** CDEK's words, or its codes without a message in words. */
export function listReasons(problems: readonly CdekProblem[]): string[] {
  return problems.map(({ message, code }) => message || code.replaceAll('_', ' '));
}
