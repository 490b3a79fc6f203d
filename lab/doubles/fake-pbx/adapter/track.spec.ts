import { describe, expect, it } from '@jest/globals';
import type { CallEvent, CallUpdate, TrackedCall } from '#telephony/port';
import { providerContext, webhookRequest } from '../../../../libs/testing/builders.js';
import { signZadarmaNotice } from '../../zadarma/index.js';
import { FakePbxProvider, FakePbxSettings } from './index.js';

const provider = new FakePbxProvider();
const settings = Object.assign(new FakePbxSettings(), {
  ...{ baseUrl: 'http://127.0.0.1:1', key: 'a-key', secret: 'a-secret', zone: 'Asia/Kolkata' },
  extensions: [{ code: '101' }, { code: '102' }],
});
const NOON = new Date('2026-11-24T12:00:00Z');
const context = providerContext(settings, { now: NOON });

type Fields = Record<string, string>;
const incoming = { pbx_call_id: 'in_1', call_start: '2026-11-24 17:29:50', caller_id: '79161234567', called_did: '74950000000' };
const outgoing = { pbx_call_id: 'out_1', call_start: '2026-11-24 17:29:50', destination: '79161234567', caller_id: '0', internal: '101' };
const after = (seconds: number): Date => new Date(NOON.getTime() + seconds * 1000);

/** Applies a call's notices, each a second after the previous one. */
function play(...notices: Fields[]): (CallUpdate | undefined)[] {
  let call: TrackedCall | undefined;
  return notices.map((data, index) => {
    const event: CallEvent = { id: String(index), call: data['pbx_call_id'] ?? '', data };
    const update = provider.track(event, call, after(index), context);
    if (update)
      call = {
        externalId: event.call,
        ...(update.memory && { memory: JSON.parse(JSON.stringify(update.memory)) as object }),
        ...(update.call.endedAt && { endedAt: update.call.endedAt }),
      };
    return update;
  });
}

const END = { event: 'NOTIFY_END', ...incoming, duration: '0', disposition: 'cancel' };

describe('what notices make of a call', () => {
  it('an end is sufficient for the whole call, with its talk', () => {
    const [update] = play({ ...END, duration: '5', disposition: 'answered', internal: '499499-101', last_internal: '102' });
    expect(update).toEqual({
      call: {
        ...{ externalId: 'in_1', direction: 'in', phone: '79161234567', externalPhone: '74950000000', code: '102' },
        ...{ startedAt: after(-10), answeredAt: after(-5), endedAt: NOON, outcome: 'answered' },
      },
      signals: [],
    });
  });

  it('a menu that answers is not a talk, and nothing follows an end', () => {
    const [end, late] = play(
      { ...END, duration: '9', disposition: 'answered' },
      { event: 'NOTIFY_INTERNAL', ...incoming, internal: '101' },
    );
    expect(end?.call).toMatchObject({ outcome: 'no-answer' });
    expect(end?.call.answeredAt).toBeUndefined();
    expect(late).toBeUndefined();
  });

  it('a phone’s ring that comes after it answered is not shown again', () => {
    const updates = play(
      { event: 'NOTIFY_ANSWER', ...incoming, destination: '101', internal: '101' },
      { event: 'NOTIFY_INTERNAL', ...incoming, internal: '101' },
      { event: 'NOTIFY_ANSWER', ...incoming, destination: '101', internal: '101' },
    );
    expect(updates.map((one) => one?.signals)).toEqual([[{ type: 'in', codes: ['101'] }], [], []]);
    expect(updates[2]?.call).toMatchObject({ answeredAt: NOON, code: '101' });
  });

  it.each([
    ['busy', 'busy'],
    ['no answer', 'no-answer'],
    ['cancel', 'cancelled'],
    ['failed', 'failed'],
    ['no money', 'not-allowed'],
    ['something new', 'unknown'],
  ])('%s is %s', (disposition, outcome) => {
    const [, end] = play({ event: 'NOTIFY_OUT_START', ...outgoing }, { event: 'NOTIFY_OUT_END', ...outgoing, duration: '0', disposition });
    expect(end?.call).toMatchObject({ outcome, direction: 'out', code: '101' });
    expect(end?.call.externalPhone).toBeUndefined();
    expect(end?.signals).toEqual([{ type: 'hangup', codes: ['101'], outcome }]);
  });

  it('a manager’s own phone that rings before the customer’s is not a call for the CRM', () => {
    expect(play({ event: 'NOTIFY_OUT_START', ...outgoing, destination: '102' })).toEqual([undefined]);
  });
});

describe('its webhook', () => {
  const verify = (fields: Fields, secret: string, changes: Fields = {}): boolean =>
    provider.webhook.verify(
      webhookRequest(new URLSearchParams({ ...fields, ...changes }).toString(), { signature: signZadarmaNotice(secret, fields) }),
      context,
    );

  it('is believed when it is signed, of today and of a known kind', () => {
    const start = { event: 'NOTIFY_START', ...incoming };
    expect(verify(start, 'a-secret')).toBe(true);
    expect(verify(start, 'another')).toBe(false);
    expect(verify(start, 'a-secret', { caller_id: '79160000000' })).toBe(false);
    expect(verify({ ...start, call_start: '2026-11-23 17:29:49' }, 'a-secret')).toBe(false);
    expect(verify({ ...start, call_start: 'yesterday' }, 'a-secret')).toBe(false);
    expect(provider.webhook.verify(webhookRequest('event=NOTIFY_OTHER', { signature: '' }), context)).toBe(false);
  });

  it('is not believed while there is no secret', () => {
    const fields = { event: 'NOTIFY_START', ...incoming };
    const request = webhookRequest(new URLSearchParams(fields).toString(), { signature: signZadarmaNotice('', fields) });
    expect(provider.webhook.verify(request, providerContext(Object.assign(new FakePbxSettings(), { zone: 'UTC' }), { now: NOON }))).toBe(
      false,
    );
  });

  it('has events with their own ids, and no events without a call', () => {
    const parse = (fields: Fields): CallEvent[] => provider.webhook.parse(webhookRequest(new URLSearchParams(fields).toString()));
    const ids = ['101', '102'].map((internal) => parse({ event: 'NOTIFY_INTERNAL', ...incoming, internal })[0]?.id);
    expect(new Set(ids).size).toBe(2);
    expect(parse({ event: 'NOTIFY_START', ...incoming })).toMatchObject([{ call: 'in_1', data: { caller_id: '79161234567' } }]);
    expect(parse({ event: 'NOTIFY_START', ...incoming, pbx_call_id: '<1>' })).toEqual([]);
  });
});
