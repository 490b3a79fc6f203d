import { randomUUID } from 'node:crypto';
import { expect, it } from '@jest/globals';
import type { ProviderContext } from '#provider-kit';
import type { CallUpdate, CallSnapshot, PlacedCall } from '#telephony/port';
import { type Effect, STAYS_UNKNOWN } from '../lost-calls.js';
import { checkUpdate } from './checks.js';
import { until } from './recorder.js';
import type { CallScene } from './subject.js';
import { type TelephonySuite, isOf } from './suite.js';

async function readPosted<S extends object>(suite: TelephonySuite<S>, scene: CallScene): Promise<CallUpdate[]> {
  const requests = (await suite.subject.takeWebhooks?.()) ?? [];
  const events = requests.flatMap((request) => suite.provider.webhook?.parse(request, suite.context) ?? []);
  return suite.follow(events).filter(({ call }) => isOf(scene, call));
}

async function findEnded<S extends object>(suite: TelephonySuite<S>, scene: CallScene): Promise<CallSnapshot> {
  const find = (): CallUpdate | undefined => suite.recorder.updates.find(({ call }) => call.endedAt && isOf(scene, call));
  await until('the call has ended', () => find() !== undefined);
  return (find() as CallUpdate).call;
}

function checkPlaced<S extends object>(suite: TelephonySuite<S>, reference: string, placed: PlacedCall, call: CallSnapshot): void {
  const how = suite.provider.manifest.bySettings?.(suite.context.settings) as { placedCalls?: string } | undefined;
  switch (how?.placedCalls ?? suite.provider.manifest.placedCalls ?? 'reference') {
    case 'reference':
      return expect(call.externalId).toBe(reference);
    case 'returned':
      return expect(call.externalId).toBe(placed.externalId);
    default:
      // Matched by extension, digits and time.
      expect(call).toMatchObject({ direction: 'out', code: suite.subject.codes[0] });
  }
}

/** A requested call, recovered as `CallOperations` does. */
export function listPlacing<S extends object>(suite: TelephonySuite<S>): Effect<S> {
  return {
    ...{ name: 'call', makes: 1, isOnce: true },
    prepare: () => {
      const { code, phone } = suite.newScene('out', true);
      let reference = `crossdock-${randomUUID()}`;
      const act = async (given: ProviderContext<S>): Promise<string> => (
        await suite.provider.call?.({ reference, code, phone: `+${phone}` }, given),
        reference
      );
      const renew = (): void => {
        reference = `crossdock-${randomUUID()}`;
      };
      return Promise.resolve({
        ...{ act, renew, repeat: () => act(suite.context) },
        recover: async () => {
          if (suite.provider.manifest.recovery.kind !== 'find') return STAYS_UNKNOWN;
          if (await suite.provider.findCall?.(reference, suite.context)) return reference;
          renew();
          return undefined;
        },
      });
    },
  };
}

/** Tests calls that a manager requests. */
export function testCall<S extends object>(suite: TelephonySuite<S>): void {
  it('is placed, and its updates lead to the requested call', async () => {
    if (!suite.subject.playPlaced) throw new Error('the subject needs playPlaced()');
    const scene = suite.newScene('out', true);
    const reference = `crossdock-${randomUUID()}`;
    await suite.subject.takeWebhooks?.();
    const played = suite.subject.playPlaced();
    const numbers = { phone: `+${scene.phone}`, externalPhone: '+74951110000' };
    const placed = await suite.provider.call?.({ reference, code: scene.code, ...numbers }, suite.context);
    await played;
    const call = suite.provider.webhook ? checkUpdate(scene, await readPosted(suite, scene)) : await findEnded(suite, scene);
    checkPlaced(suite, reference, placed ?? {}, call);
    if (!suite.subject.dialled) return suite.unproven.add('the dialed number', 'dialled');
    const told = suite.subject.dialled();
    const { phone = '', ...more } = typeof told === 'string' ? { phone: told } : (told ?? {});
    expect(phone.replace(/\D/g, '')).toBe(scene.phone);
    if ('shown' in more) expect(`+${more.shown?.replace(/\D/g, '')}`).toBe(numbers.externalPhone);
    // As long as people take to reach a phone.
    if ('ringSeconds' in more)
      expect([more.ringSeconds, (more.ringSeconds ?? 0) >= 5 && (more.ringSeconds ?? 0) <= 300]).toEqual([more.ringSeconds, true]);
  });

  it('fails with unavailable if the signal has ended', async () => {
    const gone = { ...suite.context, signal: AbortSignal.abort() };
    const { code, phone } = suite.newScene('out', true);
    const call = Promise.resolve(suite.provider.call?.({ reference: `crossdock-${randomUUID()}`, code, phone: `+${phone}` }, gone));
    expect((await suite.catchFailure(call)).kind).toBe('unavailable');
  });

  if (suite.has('findCall'))
    it('findCall returns false for a call that was never placed', async () => {
      expect(await suite.provider.findCall?.(`crossdock-${randomUUID()}`, suite.context)).toBe(false);
    });
}
