import type * as wire from '#crm-client/wire';
import { AsteriskDouble } from '#testing';
import { Account } from './account.js';
import { violationsOf } from './contract-check.js';
import type { CrmDouble } from './crm-double.js';
import type { Deployment } from './deployment.js';
import { until } from './until.js';

/** Scopes that a telephony module needs. */
export const TELEPHONY_SCOPES = ['integration_read', 'integration_write', 'notification_write', 'telephony_read', 'telephony_write'];

/** An event as it came; `at` on the clock of `performance.now()`. */
export type ToldEvent = wire.TelephonyCallEvent & { at: number };

const EXTENSIONS = [
  { code: '101', userId: 11 },
  { code: '102', userId: 12 },
  { code: '103', userId: 13 },
];

/**
 * An account with telephony: the CRM's side that keeps events and uploaded calls, complaining about what the real one would not take, and the PBX behind the module.
 */
export class TelephonyDesk {
  /** In the order they came. */
  readonly events: ToldEvent[] = [];
  /** By `externalId`: a known one is not made again. */
  readonly calls = new Map<string, wire.TelephonyCall>();
  /** Calls in each upload. */
  readonly uploads: number[] = [];
  /** Phone to extension, for `telephony/manager`. */
  readonly managers = new Map<string, string>();
  connectionId = '';

  private constructor(
    readonly crm: CrmDouble,
    readonly pbx: AsteriskDouble,
    readonly account: Account,
    private readonly deployment: Deployment,
  ) {}

  /** Connects the module and tells it where its PBX is; waits until it listens unless `listens` is false. */
  static async open(deployment: Deployment, crm: CrmDouble, settings: object = {}, listens = true): Promise<TelephonyDesk> {
    crm.scopes = TELEPHONY_SCOPES;
    const pbx = await AsteriskDouble.start();
    const desk = new TelephonyDesk(crm, pbx, await Account.connect(deployment, crm, 'asterisk'), deployment);
    crm.methods.set('POST /api/v5/telephony/call/event', { scope: 'telephony_write', act: (form) => desk.takeEvent(form) });
    crm.methods.set('POST /api/v5/telephony/calls/upload', { scope: 'telephony_write', act: (form) => desk.takeCalls(form) });
    crm.methods.set('GET /api/v5/telephony/manager', { scope: 'telephony_read', act: (form) => desk.nameManager(form) });
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

  /** Events of one call, without the time. */
  eventsOf(externalId: string): wire.TelephonyCallEvent[] {
    return this.events.filter((event) => event.callExternalId === externalId).map(({ at: _at, ...event }) => event);
  }

  /** An uploaded call, once it is there. */
  uploaded(externalId: string, limitMs?: number): Promise<wire.TelephonyCall> {
    return until(`call ${externalId} is uploaded`, () => this.calls.get(externalId), limitMs);
  }

  async close(): Promise<void> {
    await this.pbx.close();
  }

  private takeEvent(form: URLSearchParams): [number, object] {
    const at = performance.now();
    const event = JSON.parse(form.get('event') ?? 'null') as wire.TelephonyCallEvent;
    const problems = violationsOf(event, 'TelephonyCallEvent');
    if (!event.phone) problems.push('event.phone must not be blank');
    if (!['in', 'out', 'hangup'].includes(event.type ?? '')) problems.push(`event.type ${event.type}`);
    if (Array.from(event.codes ?? []).length === 0) problems.push('event.codes names nobody');
    if (event.type === 'hangup' && !['answered', 'busy', 'cancel', 'failed', 'no answered'].includes(event.hangupStatus ?? ''))
      problems.push(`event.hangupStatus ${event.hangupStatus}`);
    if (problems.length > 0) return this.complain(problems);
    this.events.push({ ...event, at });
    return [200, { success: true, notExistCodes: [], notExistUsers: [] }];
  }

  private takeCalls(form: URLSearchParams): [number, object] {
    const calls = JSON.parse(form.get('calls') ?? 'null') as wire.TelephonyCall[];
    const problems = calls.flatMap((call, index) => violationsOf(call, 'TelephonyCall').map((text) => `calls[${index}] ${text}`));
    if (calls.length === 0 || calls.length > 50) problems.push(`calls holds ${calls.length}`);
    for (const call of calls) {
      if (!/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/.test(String(call.date))) problems.push(`date ${String(call.date)}`);
      if (!['in', 'out'].includes(call.type ?? '')) problems.push(`type ${call.type}`);
      if (!['answered', 'busy', 'failed', 'no answer', 'not allowed', 'unknown'].includes(call.result ?? ''))
        problems.push(`result ${call.result}`);
      if (!call.phone || !(call.code || call.userId) || !call.externalId) problems.push('phone, code and externalId are needed');
      if ((call.duration ?? 0) <= (call.durationWaiting ?? 0)) problems.push('duration must be more than durationWaiting');
      if (call.recordUrl && !/\.(wav|mp3)$/.test(call.recordUrl)) problems.push(`recordUrl ${call.recordUrl}`);
    }
    if (problems.length > 0) return this.complain(problems);
    this.uploads.push(calls.length);
    const known = calls.filter((call) => this.calls.has(call.externalId ?? ''));
    for (const call of calls) if (!this.calls.has(call.externalId ?? '')) this.calls.set(call.externalId ?? '', call);
    return [200, { success: true, processedCallsCount: calls.length - known.length, duplicateCalls: known.map((call) => call.externalId) }];
  }

  private nameManager(query: URLSearchParams): [number, object] {
    const code = this.managers.get(query.get('phone') ?? '');
    return [200, { success: true, ...(code && { manager: { id: '11', firstName: 'Анна', code } }) }];
  }

  private complain(problems: string[]): [number, object] {
    this.crm.complaints.push(...problems);
    return [400, { success: false, errorMsg: 'Errors in the input parameters', errors: { ...problems } }];
  }
}
