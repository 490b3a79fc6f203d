import { beforeEach, describe, expect, it, jest } from '@jest/globals';
import { AbortedError, AuthenticationError, type CrmError, type CrmResponseInfo, ServerError, ValidationError } from '#crm-client';
import { CrmWatch } from './crm-watch.js';
import type { HealthStore } from './health-store.js';
import { Suspects } from './suspects.js';

const AT = { verb: 'GET', path: '/x' };
const KNOWN = { since: '', reason: '' };
const away = (): CrmError => new ServerError('gone', { ...AT, status: 502 });
const refused = (): CrmError => new AuthenticationError('no key', { ...AT, status: 401 });
const invalid = (): CrmError => new ValidationError('bad', { ...AT, status: 400 }, {}, {});
const aborted = (): CrmError => new AbortedError('left', AT);

describe('calls to an account’s CRM', () => {
  const health = {
    begin: jest.fn(() => Promise.resolve(true)),
    end: jest.fn(() => Promise.resolve(true)),
    suspect: jest.fn(() => Promise.resolve()),
  };
  let watch: CrmWatch;
  const answer = async (error: CrmError | undefined, problems = {}, duration = 5): Promise<void> => {
    watch.note({ id: 'c', apiKeySealed: 'sealed', problems }, { error, duration } as CrmResponseInfo);
    await new Promise((resolve) => setImmediate(resolve));
  };
  beforeEach(() => {
    jest.clearAllMocks();
    watch = new CrmWatch(health as unknown as HealthStore);
  });

  it('that get no response cause one check of the CRM, which decides', async () => {
    for (let n = 0; n < 5; n++) await answer(away());
    expect(health.suspect.mock.calls).toEqual([['c']]);
    await answer(away(), { 'crm-away': KNOWN });
    expect([health.suspect.mock.calls.length, health.begin.mock.calls, health.end.mock.calls]).toEqual([1, [], []]);
  });

  it('that we end ourselves count once they had time to be answered', async () => {
    await answer(aborted(), {}, 500);
    expect(health.suspect).not.toHaveBeenCalled();
    await answer(aborted(), {}, 12_000);
    expect(health.suspect).toHaveBeenCalledTimes(1);
  });

  it('whose key is rejected are a problem immediately, and the CRM does not count as unavailable', async () => {
    await answer(refused());
    expect(health.begin.mock.calls).toEqual([['c', { kind: 'crm-refuses' }, expect.stringContaining('no key'), undefined, 'sealed']]);
    await answer(refused(), { 'crm-refuses': KNOWN });
    expect(health.begin).toHaveBeenCalledTimes(1);
    await answer(refused(), { 'crm-refuses': KNOWN, 'crm-away': KNOWN });
    expect(health.end.mock.calls).toEqual([['c', ['crm-away']]]);
  });

  it.each([undefined, invalid()])('that are answered end both, whatever the answer is, and nothing else (%s)', async (error) => {
    await answer(error, { 'crm-refuses': KNOWN, 'crm-away': KNOWN, 'crm-refuses#invoice': KNOWN, 'service-away:x': KNOWN });
    expect(health.end.mock.calls).toEqual([['c', ['crm-refuses', 'crm-away']]]);
    await answer(error);
    expect(health.end).toHaveBeenCalledTimes(1);
  });
});

describe('failures of a service', () => {
  it('last when a call fails that began five seconds after the first had failed, with no success between', () => {
    const suspects = new Suspects();
    expect(suspects.note('a', 0, 1_000)).toBe('first');
    // Calls that fail at the same time.
    expect(suspects.note('a', 500, 1_100)).toBe('again');
    expect(suspects.note('a', 5_999, 9_000)).toBe('again');
    expect(suspects.note('b', 6_000, 9_000)).toBe('first');
    expect(suspects.note('a', 6_000, 9_000)).toBe('lasting');
    suspects.clear('a');
    expect(suspects.note('a', 20_000, 20_100)).toBe('first');
  });
});
