import { expect, it } from '@jest/globals';
import type { Unproven } from '../lost-calls.js';
import { attempt, catchError } from './errors.js';
import type { ExpectedFailure, ProviderSubject } from './subject.js';

/**
 * Tests that calls fail as declared: at least wrong credentials and an outage, except for built-in providers.
 */
export function testFailures<S extends object>(
  getSubject: () => ProviderSubject<S> & { readonly failures?: readonly ExpectedFailure<S>[]; readonly isLocal: boolean },
  unproven?: Unproven,
): void {
  it('fails with the expected errors, in plain words and without secrets', async () => {
    const subject = getSubject();
    const { failures = [], isLocal, context } = subject;
    if (!isLocal) expect(failures.map(({ kind }) => kind)).toEqual(expect.arrayContaining(['auth', 'unavailable']));
    if (!isLocal && !failures.some(({ fields }) => fields))
      unproven?.add('a rejection contains its fields', 'fields of one of its failures');
    for (const { name, kind, fields, act } of failures)
      await attempt(`failure "${name}"`, async () => {
        const error = await catchError(() => act(context), subject);
        expect(error.kind).toBe(kind);
        if (fields) expect(Object.keys(error.fields ?? {}).toSorted()).toEqual([...fields].toSorted());
      });
  });
}
