import { describe, expect, it } from '@jest/globals';
import { getParser } from '#platform';
import type { CallEvent } from '#telephony/port';
import { answerBusy, loseReplies, providerContext, signWebhook, webhookRequest } from '../../../../libs/testing/outside.js';
import { runTelephonyConformance } from '../../../../libs/testing/conformance/index.js';
import { type FakeSwitchboardCall, FakeSwitchboard } from '../fake-switchboard.js';
import { FakeSwitchboardProvider } from './fake-switchboard.provider.js';
import { type FakeSwitchboardContext, FakeSwitchboardSettings } from './fake-switchboard.settings.js';

const makeContext = ({ url, token }: { url: string; token: string }): FakeSwitchboardContext =>
  providerContext(
    getParser(FakeSwitchboardSettings).parse({ baseUrl: url, token, country: 'RU', extensions: [{ code: '101' }, { code: '102' }] }),
    { now: new Date() },
  );

runTelephonyConformance<FakeSwitchboardSettings>('Fake Switchboard', {
  methods: ['check', 'call', 'webhook', 'track'],
  start: async () => {
    const double = await FakeSwitchboard.start({ paceMs: 0 });
    const provider = new FakeSwitchboardProvider();
    const { settings: wrong } = makeContext({ url: double.url, token: 'another-token' });
    const whileAway = <T>(call: FakeSwitchboardCall, work: () => Promise<T>): Promise<T> => {
      double.fail(call, { kind: 'error-before', status: 503 }, 20);
      return work().finally(() => double.faults.clear());
    };
    const request = { reference: 'crossdock-1', code: '101', phone: '+79161234567' };
    return {
      provider,
      context: makeContext(double),
      samples: {
        refused: [{ name: 'a wrong token', settings: wrong, fields: ['token'] }],
        whileAway: (work) => whileAway('account', work),
        signWith: signWebhook,
      },
      codes: ['101', '102'],
      dated: true,
      play: ({ code, phone, ...scene }) => {
        double.play({ ...scene, extension: code, customer: phone });
        return Promise.resolve({ startedAt: new Date(), talkSeconds: scene.isAnswered ? 0 : undefined });
      },
      dialled: () => double.lastDialled,
      takeWebhooks: () => Promise.resolve(double.webhooks.takeEvents().map(({ headers, body }) => webhookRequest(body, headers))),
      // It plays each requested call.
      playPlaced: () => Promise.resolve(),
      faults: { lose: loseReplies(double, ['place']), busy: answerBusy(double), made: () => double.placed.length },
      failures: [
        { name: 'a wrong token', kind: 'auth', act: (given) => provider.call(request, { ...given, settings: wrong }) },
        {
          name: 'a lost reply',
          kind: 'unknown_outcome',
          act: (given) => {
            double.fail('place', { kind: 'drop-after' });
            return provider.call(request, given);
          },
        },
        {
          name: 'an outage',
          kind: 'unavailable',
          act: (given) => provider.call(request, { ...given, settings: { ...given.settings, baseUrl: 'http://127.0.0.1:1' } }),
        },
      ],
      close: () => double.close(),
    };
  },
});

describe('Fake Switchboard', () => {
  const provider = new FakeSwitchboardProvider();

  it('reports an unknown extension', async () => {
    const double = await FakeSwitchboard.start({ paceMs: 0 });
    const request = { reference: 'crossdock-2', code: '999', phone: '+79161234567' };
    const message = 'Fake Switchboard: “There is no such extension”';
    await expect(provider.call(request, makeContext(double))).rejects.toMatchObject({ kind: 'rejected', message });
    await double.close();
  });

  it('takes an end that it does not know for one of unknown outcome', () => {
    const data = { id: 'e', call: 'c', direction: 'in', customer: '79161234567', extension: '101' };
    const times = { startedAt: '2026-03-02T09:00:00Z', endedAt: '2026-03-02T09:01:00Z' };
    const event: CallEvent = { id: 'e', call: 'c', data: { ...data, ...times, result: 'swallowed' } };
    expect(provider.track(event, undefined)?.call.outcome).toBe('unknown');
  });
});
