import { quoteRefusal } from '#provider-kit';
import type { Cdek } from './cdek.api.js';
import { type CdekProblem, type CdekRequest, isInvalid } from './cdek.requests.js';

/** Returns CDEK's words for a refusal as a sentence for the CRM's user. */
export function describeProblems(problems: readonly CdekProblem[] = []): string {
  return quoteRefusal('CDEK', listReasons(problems), '–');
}

/** CDEK's words, or its codes without a message in words. */
export function listReasons(problems: readonly CdekProblem[]): string[] {
  return problems.map(({ message, code }) => message || code.replaceAll('_', ' '));
}

/** Throws a Refusal if CDEK refused one of the requests that it has just accepted. */
export function throwIfInvalid(api: Cdek, requests: readonly CdekRequest[] = []): void {
  const refused = requests.find(isInvalid);
  if (refused) throw api.refuse(refused.errors);
}
