import type * as wire from '#crm-client/wire';
import type { Crm } from './crm.js';
import { until } from './until.js';

/** An event that the CRM received, with its time `at` on the clock of `performance.now()`. */
export type ToldEvent = wire.TelephonyCallEvent & { at: number };

/** Managers' phones of an account with telephony. */
export const EXTENSIONS = [
  { code: '101', userId: 11 },
  { code: '102', userId: 12 },
  { code: '103', userId: 13 },
];

/** The calls and events that the CRM of an account with telephony received. */
export class CallDesk {
  protected constructor(readonly crm: Crm) {
    for (const { userId } of EXTENSIONS)
      crm.context.rows('users').push({ id: userId, firstName: `User ${userId}`, active: true, online: true, status: 'free' });
  }

  /** The received events, in order. */
  get events(): ToldEvent[] {
    const all = this.crm.listCarriedOut<wire.TelephonyCallEvent>('telephony.callEvent', 'event');
    return all.map(({ value, call }) => ({ ...value, at: call.arrival.at }));
  }

  /** Calls in each upload. */
  get uploads(): number[] {
    return this.crm.listCarriedOut<object[]>('telephony.callsUpload', 'calls').map(({ value }) => value.length);
  }

  /** Calls by `externalId` as first uploaded: a known one is not created again. */
  get calls(): Map<string, wire.TelephonyCall> {
    const all = this.crm.listCarriedOut<wire.TelephonyCall[]>('telephony.callsUpload', 'calls').flatMap(({ value }) => value);
    return new Map(all.toReversed().map((call) => [call.externalId ?? '', call]));
  }

  /** How often a call was uploaded. */
  countUploads({ id }: { id: string }): number {
    const all = this.crm.listCarriedOut<wire.TelephonyCall[]>('telephony.callsUpload', 'calls').flatMap(({ value }) => value);
    return all.filter(({ externalId }) => externalId === id).length;
  }

  /** Makes a customer of this phone whose manager has this extension. */
  addCustomer(phone: string, code: string): void {
    const managerId = EXTENSIONS.find((extension) => extension.code === code)?.userId;
    this.crm.context.insert('customers', { phones: [{ number: phone }], managerId });
  }

  /** Events of one call, without the time. */
  listEvents(externalId: string): wire.TelephonyCallEvent[] {
    return this.events.filter((event) => event.callExternalId === externalId).map(({ at: _at, ...event }) => event);
  }

  /** The pop-ups of a call that users saw: type, then codes, then how it ended. */
  listShown(externalId: string): string[] {
    return this.listEvents(externalId).map(({ type, codes, hangupStatus }) =>
      [type, ...Array.from(codes ?? []), ...(hangupStatus ? [hangupStatus] : [])].join(' '),
    );
  }

  /** Waits for an uploaded call. */
  uploaded(externalId: string, limitMs?: number): Promise<wire.TelephonyCall> {
    return until(`call ${externalId} is uploaded`, () => this.calls.get(externalId), limitMs);
  }
}
