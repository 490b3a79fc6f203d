import { describe, expect, it } from '@jest/globals';
import type { Connection, ProviderContexts } from '#connections';
import type { InboxService, Reception } from '#inbox';
import type { Providers } from '#integration-kit';
import type { ProviderSetups } from '#onboarding';
import type { Clock, Database } from '#platform';
import type { ProviderWebhook, WebhookReply } from '#provider-kit';
import type { CallerManagers } from './caller-managers.js';
import type { Caller, CallEvent, TelephonyProvider, TelephonyWebhook } from './port/index.js';
import { TelephonyWebhooksService } from './telephony-webhooks.service.js';

const NOW = new Date('2026-11-26T10:00:00.000Z');
const event: CallEvent = { id: 'e-1', call: 'c-1', data: { phone: '1' } };
const live = { id: 'connection-1', active: true, frozen: false } as Connection;

type Received = [connection: Connection, webhook: ProviderWebhook<object, CallEvent>, request: object, reception: Reception<CallEvent>];

/** Names of calls recorded in the journal. */
const observed: string[] = [];

/** Returns what the inbox receives from a webhook whose provider has this `reply`. */
async function receive(reply?: TelephonyWebhook<object>['reply'], connection = live, caller?: Caller): Promise<Received> {
  const webhook = { verify: () => true, parse: () => [event], ...(reply && { reply }) };
  let received: Received | undefined;
  const take = (...values: Received): Promise<undefined> => Promise.resolve(void (received = values));
  const identify = (_connection: Connection, ...asked: unknown[]): Promise<Caller | undefined> =>
    Promise.resolve(caller && { ...caller, links: { customer: JSON.stringify(asked.slice(0, 2)) } });
  const observe = (_of: Connection, name: string, work: () => Promise<unknown>): Promise<unknown> => {
    observed.push(name);
    return work();
  };
  const service = new TelephonyWebhooksService(
    { getMember: () => webhook, observe } as unknown as Providers<TelephonyProvider>,
    {} as Database,
    { receive: take } as unknown as InboxService,
    {} as never,
    { identify } as unknown as CallerManagers,
    {} as never,
    {} as ProviderContexts,
    {} as ProviderSetups,
    { now: () => NOW } as Clock,
  );
  await service.receive(connection, {} as never);
  if (!received) throw new Error('the inbox got nothing');
  return received;
}

const answer = async (...values: Parameters<typeof receive>): Promise<WebhookReply | undefined> => {
  const [, webhook] = await receive(...values);
  return webhook.reply?.([event], {} as never);
};

describe('a webhook of a PBX', () => {
  it('is kept by its call, with the moment of its arrival', async () => {
    const [, , , reception] = await receive();
    expect(reception.toSubject?.(event)).toBe('c-1');
    expect(reception.toPayload(event)).toEqual({ event, receivedAt: NOW.toISOString() });
    expect(await reception.admit?.([event])).toEqual([event]);
  });

  it('is not kept of a connection that is switched off or frozen', async () => {
    for (const changes of [{ active: false }, { frozen: true }]) {
      const [, , , reception] = await receive(undefined, { ...live, ...changes });
      expect(await reception.admit?.([event])).toEqual([]);
    }
  });

  it('gets the provider’s reply for the caller', async () => {
    const reply: TelephonyWebhook<object>['reply'] = async (_events, _context, identify) => {
      const caller = await identify('79161234567', { details: true });
      return { status: 200, body: { redirect: caller?.code, asked: caller?.links?.customer } };
    };
    observed.length = 0;
    expect(await answer(reply, live, { code: '101' })).toEqual({
      ...{ status: 200, body: { redirect: '101', asked: '["79161234567",{"details":true}]' } },
    });
    expect(observed).toEqual(['webhook.reply']);
  });

  it('is answered plainly when the provider fails or takes too long', async () => {
    expect(await answer(() => Promise.reject(new Error('no')))).toBeUndefined();
    const began = performance.now();
    expect(await answer(() => new Promise(() => undefined))).toBeUndefined();
    expect(performance.now() - began).toBeLessThan(4_000);
    expect((await receive())[1].reply).toBeUndefined();
  });
});
