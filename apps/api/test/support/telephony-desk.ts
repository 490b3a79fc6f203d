import type * as wire from '#crm-client/wire';
import { AsteriskDouble } from '#testing';
import { Account } from './account.js';
import type { Crm } from './crm.js';
import type { Deployment } from './deployment.js';
import { until } from './until.js';

/** An event as it came; `at` on the clock of `performance.now()`. */
export type ToldEvent = wire.TelephonyCallEvent & { at: number };

const EXTENSIONS = [
  { code: '101', userId: 11 },
  { code: '102', userId: 12 },
  { code: '103', userId: 13 },
];

/** An account with telephony: the calls that the CRM received and the PBX behind the module. */
export class TelephonyDesk {
  connectionId = '';

  private constructor(
    readonly crm: Crm,
    readonly pbx: AsteriskDouble,
    readonly account: Account,
    private readonly deployment: Deployment,
  ) {}

  /** Connects the module and tells it where its PBX is; waits until it listens unless `listens` is false. */
  static async open(deployment: Deployment, crm: Crm, settings: object = {}, listens = true): Promise<TelephonyDesk> {
    for (const { userId } of EXTENSIONS)
      crm.context.rows('users').push({ id: userId, firstName: `User ${userId}`, active: true, online: true, status: 'free' });
    const pbx = await AsteriskDouble.start();
    const desk = new TelephonyDesk(crm, pbx, await Account.connect(deployment, crm, 'asterisk'), deployment);
    const { items } = await deployment.operator<{ items: { id: string; systemUrl: string }[] }>('GET', '/connections?limit=500');
    desk.connectionId = items.find((one) => one.systemUrl === crm.url)?.id ?? '';
    await desk.set(settings);
    if (listens) await until('the PBX is listened to', () => pbx.listeners === 1);
    return desk;
  }

  /** Changes the connection's settings. */
  async set(settings: object): Promise<void> {
    const before = this.crm.registrations.length;
    await this.deployment.operator('PUT', `/connections/${this.connectionId}/settings`, {
      ...this.pbx.settings,
      extensions: EXTENSIONS,
      externalPhones: [{ siteCode: 'main', phone: '+74950000000' }],
      ...settings,
    });
    await until('it is registered anew', () => this.crm.registrations.length > before);
  }

  /** Events as they came. */
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

  /** Makes a customer of this phone whose manager has this extension. */
  addCustomer(phone: string, code: string): void {
    const managerId = EXTENSIONS.find((extension) => extension.code === code)?.userId;
    this.crm.context.insert('customers', { phones: [{ number: phone }], managerId });
  }

  /** Events of one call, without the time. */
  listEvents(externalId: string): wire.TelephonyCallEvent[] {
    return this.events.filter((event) => event.callExternalId === externalId).map(({ at: _at, ...event }) => event);
  }

  /** Waits for an uploaded call. */
  uploaded(externalId: string, limitMs?: number): Promise<wire.TelephonyCall> {
    return until(`call ${externalId} is uploaded`, () => this.calls.get(externalId), limitMs);
  }

  async close(): Promise<void> {
    await this.pbx.close();
  }
}
