import { describe, expect, it } from '@jest/globals';
import type { HostedModule } from '../hosted-modules.js';
import { describeHealth, type HealthRow } from './health.js';

const AT = new Date('2026-01-01T00:00:00Z');
const cdek = { manifest: { code: 'cdek', title: { en: 'CDEK', es: 'CDEK', ru: 'СДЭК' } } } as unknown as HostedModule;
const acme = { manifest: { code: 'acme', title: { en: 'Acme', es: 'Acme', ru: 'Acme' } } } as unknown as HostedModule;
const WORKS = {
  active: true,
  frozen: false,
  frozenByOperatorAt: null,
  shadow: false,
  registeredAt: AT,
  registrationError: null,
  notSetUp: {},
};

function describeProblem(key: string, reason: string): string {
  const row = { ...WORKS, health: 'service-away', healthSince: AT, problems: { [key]: { since: AT.toISOString(), reason } } };
  return describeHealth(row as unknown as HealthRow, [cdek, acme]).words;
}

describe('words about the health of a connection', () => {
  it.each([
    ['service-away:cdek', '', 'CDEK does not answer.'],
    ['service-away:cdek', 'CDEK cannot be reached', 'CDEK cannot be reached.'],
    ['service-away:cdek', 'CDEK: maintenance until 5.', 'CDEK does not answer. It says: maintenance until 5.'],
    ['service-away:cdek', 'the line is lost', 'CDEK does not answer: the line is lost.'],
    ['credentials-refused:cdek', 'CDEK rejected the credentials', 'CDEK rejected the credentials.'],
    ['credentials-refused:cdek', 'СДЭК не принял учётные данные', 'CDEK rejects the credentials.'],
    ['service-away:acme', '*** did not answer in time', 'Acme did not answer in time.'],
    ['crm-away', 'GET /api/credentials: the CRM failed (500, Internal)', 'The CRM failed (500, Internal).'],
    ['crm-away', 'the connection failed (ECONNREFUSED)', 'The CRM does not answer: the connection failed (ECONNREFUSED).'],
  ])('state each fact once, and quote the service only if it sent a message (%s: %s)', (key, reason, words) => {
    expect(describeProblem(key, reason)).toBe(words);
  });

  it('state once that a service and the line to it are unavailable, since the earlier time', () => {
    const problem = (minute: number): object => ({ since: new Date(AT.getTime() + minute * 60_000).toISOString(), reason: '' });
    const problems = { 'service-away:cdek#line': problem(1), 'service-away:cdek': problem(0), 'service-away:acme': problem(2) };
    const row = { ...WORKS, health: 'service-away', healthSince: AT, problems } as unknown as HealthRow;
    expect(describeHealth(row, [cdek, acme]).reasons).toMatchObject([{ provider: 'cdek', since: AT }, { provider: 'acme' }]);
  });
});
