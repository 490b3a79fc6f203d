import { createHmac } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import type { WebhookRequest } from '#provider-kit';
import type { CallEvent, Caller, CallerQuestion } from '#telephony/port';
import { providerContext, webhookRequest } from '#testing';
import { ZadarmaWebhook } from './webhook.js';
import { type ZadarmaContext, ZadarmaSettings } from './zadarma.settings.js';

const NOW = new Date('2026-11-24T10:15:05Z');
const SECRET = 'examplesecret000000a1';
const webhook = new ZadarmaWebhook();

type Fields = Record<string, string>;
const START: Fields = {
  ...{ event: 'NOTIFY_START', call_start: '2026-11-24 15:45:00', pbx_call_id: 'in_1', caller_id: '+442037691881' },
  called_did: '442037691880',
};
const INCOMING = ['caller_id', 'called_did', 'call_start'];

function contextOf(settings: Partial<ZadarmaSettings> = {}, changes: Partial<ZadarmaContext> = {}): ZadarmaContext {
  const all = Object.assign(new ZadarmaSettings(), { key: 'a-key', secret: SECRET, ...settings });
  return providerContext(all, { now: NOW, memory: { offset: '330', extensions: '101,102' }, ...changes });
}

function signed(fields: Fields, names: readonly string[], changes: Fields = {}, form: 'hex' | 'base64' = 'hex'): WebhookRequest {
  const text = names.map((name) => fields[name] ?? '').join('');
  const digest = createHmac('sha1', SECRET).update(text).digest(form);
  const signature = form === 'hex' ? Buffer.from(digest).toString('base64') : digest;
  return webhookRequest(new URLSearchParams({ ...fields, ...changes }).toString(), { signature });
}

describe('what is believed', () => {
  it.each<[event: string, names: string[]]>([
    ['NOTIFY_START', INCOMING],
    ['NOTIFY_INTERNAL', INCOMING],
    ['NOTIFY_END', INCOMING],
    ['NOTIFY_IVR', INCOMING],
    ['NOTIFY_ANSWER', ['caller_id', 'destination', 'call_start']],
    ['NOTIFY_OUT_START', ['internal', 'destination', 'call_start']],
    ['NOTIFY_OUT_END', ['internal', 'destination', 'call_start']],
    ['NOTIFY_RECORD', ['pbx_call_id', 'call_id_with_rec']],
  ])('%s, signed over its fields, in hex or in bytes', (event, names) => {
    const fields = { ...START, event, destination: '101', internal: '499499-100', call_id_with_rec: '1458313316.343456' };
    for (const form of ['hex', 'base64'] as const) expect(webhook.verify(signed(fields, names, {}, form), contextOf())).toBe(true);
    for (const name of names) expect([name, webhook.verify(signed(fields, names, { [name]: '1' }), contextOf())]).toEqual([name, false]);
    const unsigned = webhookRequest(new URLSearchParams(fields).toString());
    expect(webhook.verify(unsigned, contextOf())).toBe(false);
  });

  it('belongs to the last day, by the account’s clock', () => {
    const at = (call_start: string): boolean => webhook.verify(signed({ ...START, call_start }, INCOMING), contextOf());
    expect(['2026-11-23 15:45:10', '2026-11-25 15:45:00'].map(at)).toEqual([true, true]);
    expect(['2026-11-23 15:45:00', '2026-11-25 15:45:10', 'yesterday', ''].map(at)).toEqual([false, false, false, false]);
  });

  it('is nothing while there is no secret', () => {
    const text = INCOMING.map((name) => START[name]).join('');
    const signature = Buffer.from(createHmac('sha1', '').update(text).digest('hex')).toString('base64');
    expect(webhook.verify(webhookRequest(new URLSearchParams(START).toString(), { signature }), contextOf({ secret: '' }))).toBe(false);
  });

  it.each(['NOTIFY_INTERNAL_END', 'NOTIFY_SOMETHING_NEW'])('%s is taken and not read, unless it is unsigned', (event) => {
    const request = signed({ ...START, event }, ['event']);
    expect(webhook.verify(request, contextOf())).toBe(true);
    expect(webhook.parse(request, contextOf())).toEqual([]);
    expect(webhook.verify({ ...request, headers: {} }, contextOf())).toBe(false);
  });

  it.each(['', '<b>', 'notify'])('%j is not an event', (event) => {
    expect(webhook.verify(signed({ ...START, event }, ['event']), contextOf())).toBe(false);
  });
});

describe('what is read', () => {
  const parse = (fields: Fields, context = contextOf()): CallEvent[] => webhook.parse(signed(fields, []), context);

  it('is a notice’s known fields, and when the call began', () => {
    expect(parse({ ...START, other: 'x', caller_id: '1'.repeat(300) })).toEqual([
      {
        ...{ id: expect.stringMatching(/^[\da-f]{64}$/), call: 'in_1' },
        data: { ...START, caller_id: '1'.repeat(200), startedAt: '2026-11-24T10:15:00.000Z' },
      },
    ]);
  });

  it('is the same event when it is repeated, and another for another phone', () => {
    const ids = ['101', '102', '101'].map((internal) => parse({ ...START, event: 'NOTIFY_INTERNAL', internal })[0]?.id);
    expect([new Set(ids).size, ids[0]]).toEqual([2, ids[2]]);
  });

  it('is nothing without a call, and of a recording', () => {
    expect(parse({ ...START, pbx_call_id: '<1>' })).toEqual([]);
    expect(parse({ ...START, event: 'NOTIFY_RECORD', call_id_with_rec: '1.2' })).toEqual([]);
  });

  it.each([
    ['2026-11-24 16:45:00', 'put forward', '2026-11-24T10:15:00.000Z'],
    ['2026-11-24 14:45:00', 'put back', '2026-11-24T10:15:00.000Z'],
    ['2026-11-24 15:30:00', 'the same, and it is late', '2026-11-24T10:00:00.000Z'],
  ])('%s by a clock that is %s', (call_start, _clock, startedAt) => {
    expect(parse({ ...START, call_start })).toMatchObject([{ data: { startedAt } }]);
  });

  it('the start in an end notice is used unchanged, however long ago', () => {
    const [event] = parse({ ...START, event: 'NOTIFY_END', call_start: '2026-11-24 14:45:00' });
    expect(event?.data).toMatchObject({ startedAt: '2026-11-24T09:15:00.000Z' });
  });

  it('is read by the CRM account’s clock before Zadarma’s is known', () => {
    const account = { ...contextOf().account, timeZone: 'Europe/Madrid' };
    expect(parse(START, contextOf({}, { memory: {}, account }))).toMatchObject([{ data: { startedAt: '2026-11-24T14:45:00.000Z' } }]);
  });
});

describe('a trial of the address', () => {
  it.each(['GET', 'POST'])('by %s gets its token back', (method) => {
    const query = new URLSearchParams(method === 'GET' ? { zd_echo: 'a.token-1' } : {});
    const request = webhookRequest(method === 'POST' ? 'zd_echo=a.token-1' : '', {}, { method, query });
    expect(webhook.handshake(request)).toBe('a.token-1');
  });

  it('is missing without a token', () => {
    expect(webhook.handshake(signed(START, INCOMING))).toBeUndefined();
  });
});

describe('the answer to a notice', () => {
  const caller: Caller = { code: '102', customer: { name: ' Анна \n Смит', phones: [] } };
  async function answer(settings: Partial<ZadarmaSettings>, fields = START, found: Caller | null = caller): Promise<unknown[]> {
    const context = contextOf(settings);
    const asked: unknown[] = [];
    const identify = (phone: string, question?: CallerQuestion): Promise<Caller | undefined> => {
      asked.push(phone, question);
      return Promise.resolve(found ?? undefined);
    };
    const reply = await webhook.reply(webhook.parse(signed(fields, []), context), context, identify);
    return [reply.status, reply.body, ...asked];
  }

  it.each<[what: string, settings: Partial<ZadarmaSettings>, body: unknown, question: object]>([
    ['his manager', { routing: 'free' }, { redirect: '102', return_timeout: 20 }, { details: false, ignoreStatus: false }],
    [
      'his manager, also one who is busy',
      { routing: 'any', returnSeconds: 0 },
      { redirect: '102', return_timeout: 0 },
      { details: false, ignoreStatus: true },
    ],
    ['his name', { showsName: true }, { caller_name: 'Анна Смит' }, { details: true, ignoreStatus: false }],
  ])('is %s', async (_what, settings, body, question) => {
    expect(await answer(settings)).toEqual([200, body, '+442037691881', question]);
  });

  it('is empty when the CRM knows nothing, or a code that no caller can be put through to', async () => {
    for (const found of [null, { code: 'sip:7' }, { code: '1001' }])
      expect((await answer({ routing: 'free', showsName: true }, START, found)).slice(0, 2)).toEqual([200, '']);
  });

  it('is empty without a call if there is nothing to return', async () => {
    expect(await answer({})).toEqual([200, '']);
    expect(await answer({ routing: 'any' }, { ...START, event: 'NOTIFY_END' })).toEqual([200, '']);
    expect(await answer({ routing: 'any' }, { ...START, caller_id: 'anonymous' })).toEqual([200, '']);
    expect(await answer({ routing: 'any' }, { ...START, event: 'NOTIFY_RECORD' })).toEqual([200, '']);
  });
});
