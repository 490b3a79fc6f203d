import { expect, it } from '@jest/globals';
import { type Provider, type ProviderContext, sayError, sayFields } from '#provider-kit';
import { attempt, catchError, checkProviderError } from './errors.js';
import { listSecrets } from './secrets.js';
import type { ProviderSubject } from './subject.js';

const LONGEST_ACCOUNT = 200;

/** Tests that `check` finds wrong settings, and only those. */
export function testCheck<S extends object>(getSubject: () => ProviderSubject<S>): void {
  it('returns no error for valid settings, and the account in one line', async () => {
    const { provider, context } = getSubject();
    const report = await provider.check?.(context.settings, context);
    expect(report?.errors ?? {}).toEqual({});
    if (report?.account !== undefined) expect(report.account).toMatch(/^\S[^\n]*$/);
    expect(report?.account?.length ?? 0).toBeLessThanOrEqual(LONGEST_ACCOUNT);
    for (const text of Object.values(report?.warnings ?? {})) expect(text).toMatch(/\S/);
  });

  it('returns the fields that the service rejects, without their secrets', async () => {
    const { provider, context } = getSubject();
    const { refused = [] } = getSubject().samples ?? {};
    if (refused.length === 0) throw new Error('the samples need settings that the service refuses');
    for (const { name, settings, fields } of refused)
      await attempt(`check of the settings "${name}"`, async () => {
        const problems = await findProblems(provider, settings, { ...context, settings });
        expect(Object.keys(problems).sort()).toEqual([...fields].sort());
        const said = JSON.stringify(problems);
        for (const secret of listSecrets(provider, settings)) expect(said).not.toContain(secret);
      });
  });

  it('an outage of the service is not reported as wrong settings', async () => {
    const { provider, context } = getSubject();
    const { whileAway } = getSubject().samples ?? {};
    if (!whileAway) throw new Error('the samples need whileAway()');
    const error = await whileAway(() => catchError(() => provider.check?.(context.settings, context), getSubject()));
    expect(['auth', 'invalid', 'rejected']).not.toContain(error.kind);
  });

  it('a check with an ended signal fails with unavailable', async () => {
    const { provider, context } = getSubject();
    const gone = { ...context, signal: AbortSignal.abort() };
    expect((await catchError(() => provider.check?.(context.settings, gone), getSubject())).kind).toBe('unavailable');
  });
}

/** Returns the problems of `check` by path, both returned and thrown ones. */
async function findProblems<S extends object>(
  provider: Provider<S>,
  settings: S,
  context: ProviderContext<S>,
): Promise<Readonly<Record<string, string>>> {
  try {
    return (await provider.check?.(settings, context))?.errors ?? {};
  } catch (error) {
    const refusal = checkProviderError(error, provider, settings);
    expect(['auth', 'invalid', 'rejected']).toContain(refusal.kind);
    return sayFields(refusal, context.account.language) ?? { '': sayError(refusal, context.account.language) };
  }
}
