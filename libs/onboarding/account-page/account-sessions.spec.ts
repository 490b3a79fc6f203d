import { randomBytes } from 'node:crypto';
import { beforeEach, describe, expect, it, jest } from '@jest/globals';
import type { Connection, ConnectionStore } from '#connections';
import { type Clock, SecretBox } from '#platform';
import { AccountSessions } from './account-sessions.js';

const MINUTE = 60_000;
const START = Date.parse('2026-01-01T10:00:00Z');

describe('the token of an account page', () => {
  const connection = {
    id: 'c',
    module: { code: 'acme' },
    account: { language: 'es' },
    disconnectedAt: undefined as Date | undefined,
    frozenByOperatorAt: undefined as Date | undefined,
    switchedOnAgainAt: undefined as Date | undefined,
    views: [],
  };
  const box = new SecretBox(randomBytes(32).toString('hex'));
  const findRow = jest.fn((id: string) => Promise.resolve(id === 'c' ? connection : undefined));
  const store = { findRow, parse: (row: unknown) => row } as unknown as ConnectionStore;
  let now: number;
  const sessions = new AccountSessions(store, box, { now: () => new Date(now) } as Clock);
  const open = () => sessions.open(connection as unknown as Connection);
  const renew = (token: string) => sessions.renew('acme', token);

  beforeEach(() => {
    now = START;
    for (const name of ['disconnectedAt', 'frozenByOperatorAt', 'switchedOnAgainAt'] as const) connection[name] = undefined;
  });

  it('ends after an hour, and a renewed session an hour later', async () => {
    const { token, endsAt } = open();
    expect(endsAt).toEqual(new Date(START + 60 * MINUTE));
    now += 59 * MINUTE;
    const second = await renew(token);
    expect(second?.endsAt).toEqual(new Date(START + 119 * MINUTE));
    expect(sessions.getEnd(second?.token ?? '')).toBe(START + 119 * MINUTE);
    now += 2 * MINUTE;
    expect([await renew(token), sessions.getEnd(token), await sessions.find('acme', token)]).toEqual([undefined, undefined, undefined]);
    expect((await sessions.find('acme', second?.token ?? ''))?.id).toBe('c');
  });

  it('reads its connection once, by the only read that it has', async () => {
    const { token } = open();
    findRow.mockClear();
    await sessions.find('acme', token);
    await renew(token);
    expect(findRow).toHaveBeenCalledTimes(2);
  });

  it('is renewed for a day since the page was opened, and not longer', async () => {
    let session = open();
    for (let minutes = 50; minutes < 24 * 60; minutes += 50) {
      now = START + minutes * MINUTE;
      session = (await renew(session.token)) ?? session;
    }
    expect(session.endsAt).toEqual(new Date(START + 24 * 60 * MINUTE));
    expect((await renew(session.token))?.endsAt).toEqual(session.endsAt);
    now = START + 24 * 60 * MINUTE + 1;
    expect(await renew(session.token)).toBeUndefined();
  });

  it('is not renewed once its connection was removed, with a message in the language of the account', async () => {
    const { token } = open();
    connection.disconnectedAt = new Date(START);
    await expect(renew(token)).rejects.toMatchObject({ status: 401, message: expect.stringMatching(/^Esta conexión se quitó/) });
  });

  it.each(['disconnectedAt', 'frozenByOperatorAt', 'switchedOnAgainAt'] as const)(
    'ends with %s, and a page opened later works',
    async (name) => {
      const { token } = open();
      connection[name] = new Date(START + MINUTE);
      now = START + 2 * MINUTE;
      expect(await sessions.find('acme', token)).toBeUndefined();
      if (name !== 'disconnectedAt') expect(await renew(token)).toBeUndefined();
      expect(await sessions.find('acme', open().token)).toMatchObject({ id: 'c' });
    },
  );

  it('is valid only for its module and its purpose', async () => {
    const { token } = open();
    expect(await sessions.renew('other', token)).toBeUndefined();
    const claims = JSON.stringify({ id: 'c', until: START + MINUTE, since: START });
    for (const forged of [box.sign(claims, 'another purpose'), `${token}x`, '', 'a.b'])
      expect([await sessions.find('acme', forged), await renew(forged)]).toEqual([undefined, undefined]);
  });

  it('of a version that did not renew ends as it would have, and is renewed for the day that began with it', async () => {
    const token = box.sign(JSON.stringify({ id: 'c', until: START + 60 * MINUTE }), 'account page session');
    now += 30 * MINUTE;
    expect((await renew(token))?.endsAt).toEqual(new Date(START + 90 * MINUTE));
    now += 31 * MINUTE;
    expect(await sessions.find('acme', token)).toBeUndefined();
  });
});
