import { inspect } from 'node:util';
import { expect } from '@jest/globals';
import { type Provider, PROVIDER_ERROR_STATUS, ProviderError, type ProviderErrorKind } from '#provider-kit';
import { listSecrets } from './secrets.js';
import type { ProviderSubject } from './subject.js';

/** Runs a part of a test. Its failure begins with `what`. */
export async function attempt<T>(what: string, work: () => T | Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof Error) error.message = `${what}: ${error.message}`;
    throw error;
  }
}

/** Returns the result of a call, or its ProviderError. Throws any other error. */
export async function orError<T, S extends object>(
  call: () => T | Promise<T>,
  { provider, context }: ProviderSubject<S>,
): Promise<T | ProviderError> {
  const [result] = await Promise.allSettled([Promise.resolve().then(call)]);
  return result?.status === 'fulfilled' ? result.value : checkProviderError(result?.reason, provider, context.settings);
}

/** Returns the ProviderError that a call must fail with. Throws when it succeeds or fails with another. */
export async function catchError<S extends object>(
  call: () => Promise<unknown> | undefined,
  { provider, context }: ProviderSubject<S>,
): Promise<ProviderError> {
  const [result] = await Promise.allSettled([Promise.resolve().then(call)]);
  if (result?.status !== 'rejected') throw new Error(`expected a ProviderError, and the call returned ${inspect(result?.value)}`);
  return checkProviderError(result.reason, provider, context.settings);
}

/**
 * Returns an error that is a ProviderError whose text can be shown: one line, in words, without technical
 * terms and without the secrets of the settings. Throws for any other.
 */
export function checkProviderError<S extends object>(error: unknown, provider: Provider<S>, settings: S): ProviderError {
  if (!(error instanceof ProviderError))
    throw new Error(`expected a ProviderError, and the call threw ${inspect(error)}`, { cause: error });
  const kinds = Object.keys(PROVIDER_ERROR_STATUS) as ProviderErrorKind[];
  expect(kinds).toContain(error.kind);
  expect(error.message).toMatch(/^\S[^\n]{3,299}$/);
  expect(error.message).not.toMatch(/undefined|null|NaN|\[object|Error:|<\w+|https?:\/\/|\bat \S+:\d+/);
  const said = [error.message, error.localText, error.fields].map((part) => JSON.stringify(part) ?? '').join(' ');
  for (const secret of listSecrets(provider, settings)) expect(said).not.toContain(secret);
  return error;
}
