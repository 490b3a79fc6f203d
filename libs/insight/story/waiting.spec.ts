import { describe, expect, it } from '@jest/globals';
import type { OutboxEntity, OutboxLaneEntity } from '#outbox';
import { explainStop, explainWaiting, type WaitingFor } from './waiting.js';

const at = (time: string): Date => new Date(`2026-11-27T${time}Z`);
const now = at('10:05:00');
const connection = { id: 'c1', active: true, frozen: false, frozenByOperatorAt: null, disconnectedAt: null, shadow: false };
const row = (id: string, of: Partial<OutboxEntity> = {}): OutboxEntity =>
  Object.assign(
    {} as OutboxEntity,
    { id, kind: 'k', subject: 's', rejections: 0, rejectedAt: null, lastError: null, notBefore: at('00:00:00'), createdAt: at('10:04:30') },
    of,
  );
const lane = (lastError: string): OutboxLaneEntity =>
  Object.assign({} as OutboxLaneEntity, { kind: 'k', failures: 3, failingSince: at('10:02:00'), lastError, dueAt: at('10:32:00') });
const explain = (one: OutboxEntity, of: Partial<WaitingFor> = {}): string =>
  explainWaiting(one, { connection, host: 'demo.retailcrm.pro', lanes: [], rows: [one], now, ...of });

describe('why a message is not sent', () => {
  it.each([
    [{ disconnectedAt: at('09:00:00') }, /disconnected from this account at 2026-11-27 09:00:00 UTC/],
    [{ shadow: true }, /^This connection is a trial\. Nothing is sent to the CRM/],
    [{ frozenByOperatorAt: at('09:00:00') }, /^The connection has been frozen by the operator since 2026-11-27 09:00:00 UTC/],
    [{ frozen: true }, /^The connection is frozen by the CRM/],
    [{ active: false }, /^The CRM has disabled the module in this account/],
  ])('the connection does not work: %j', (state, words) => {
    const stopped = { connection: { ...connection, ...state } };
    expect(explain(row('1'), stopped)).toMatch(words);
    expect(explainStop(stopped)).toMatch(words);
  });

  it('the CRM refuses the key', () => {
    expect(explain(row('1'), { lanes: [lane('Wrong "apiKey" value')] })).toBe(
      'Paused: the CRM of demo.retailcrm.pro has rejected the key since 2026-11-27 10:02:00 UTC (3 times, the last time: Wrong "apiKey" value). The next attempt is at 2026-11-27 10:32:00 UTC.',
    );
  });

  it('the CRM is unavailable', () => {
    expect(explain(row('1'), { lanes: [lane('503')] })).toMatch(/has not accepted calls since/);
  });

  it('the CRM refused it, or one before it about the same', () => {
    const refused = row('1', { rejections: 2, rejectedAt: at('10:00:00'), lastError: 'no such status', notBefore: at('10:06:00') });
    const behind = row('2');
    const of = { rows: [refused, behind] };
    expect(explain(refused, of)).toMatch(
      /rejected it 2 times since 2026-11-27 10:00:00 UTC: no such status\. The next attempt is at 2026-11-27 10:06:00 UTC/,
    );
    expect(explain(behind, of)).toBe(
      'It waits behind message #1 about the same item, which the CRM rejected: no such status. Both are tried again at 2026-11-27 10:06:00 UTC.',
    );
    expect(explain(row('3', { subject: 'other' }), of)).toBe('It is sent within seconds.');
  });

  it('a newer one about the same was refused, before this one was replayed', () => {
    const refused = row('1996', { rejections: 1, rejectedAt: at('10:00:00'), lastError: 'no such status' });
    const replayed = row('1987', { createdAt: at('09:00:00') });
    expect(explain(replayed, { rows: [replayed, refused] })).toBe(
      'It waits behind message #1996 about the same item, which the CRM rejected: no such status.',
    );
  });

  it('it is held, or no worker runs', () => {
    expect(explain(row('1', { notBefore: at('10:06:00') }))).toMatch(/^It is held until 2026-11-27 10:06:00 UTC/);
    expect(explain(row('1', { createdAt: at('09:00:00') }))).toMatch(/^No worker has sent it yet/);
  });
});
