import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Reach } from '#platform';
import { AsteriskDouble } from '#testing';
import { type AmiOptions, AmiSession } from './ami.client.js';

let pbx: AsteriskDouble;

const opened = (options: Partial<AmiOptions> = {}): Promise<AmiSession> =>
  AmiSession.open({ ...pbx.settings, reach: new Reach(['127.0.0.0/8']) }, { events: 'off', ...options });

describe('a session with a manager interface', () => {
  beforeAll(async () => {
    pbx = await AsteriskDouble.start();
    for (let call = 0; call < 3; call++) pbx.incoming('79161234567', '74950000000');
  });
  afterAll(() => pbx.close());

  it('keeps lists up to a length, and ends when one is longer', async () => {
    const whole = await opened({ mostListed: 3 });
    expect(await whole.list({ Action: 'CoreShowChannels' }, (events) => events.length)).toBe(3);
    await whole.close();
    const short = await opened({ mostListed: 2 });
    await expect(short.list({ Action: 'CoreShowChannels' }, (events) => events.length)).rejects.toMatchObject({ kind: 'unavailable' });
    expect((await short.closed).kind).toBe('unavailable');
  });

  it('asks no more than a thousand questions that wait for an answer', async () => {
    const session = await opened();
    pbx.faults.deaf = true;
    const asked = Array.from({ length: 1_000 }, () => session.send({ Action: 'Ping' }).catch((error: Error) => error.message));
    await expect(session.send({ Action: 'Ping' })).rejects.toMatchObject({
      kind: 'unavailable',
      message: expect.stringContaining('too many'),
    });
    await session.close();
    expect(new Set(await Promise.all(asked)).size).toBe(1);
    pbx.faults.deaf = false;
  });
});
