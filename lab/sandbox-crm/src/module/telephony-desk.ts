import { digits } from '../groups/telephony.group.js';
import { type JsonObject, asObjects, asText } from '../json.js';
import type { Sandbox } from '../sandbox.js';
import type { AccountContext } from '../store/account-context.js';
import type { Account } from '../store/state.js';
import { Desk } from './desk.js';
import { type Exchanged, type Outcome, exchange, explain } from './exchange.js';
import { SandboxError } from './module-error.js';
import type { ModuleRequest } from './module-http.js';
import type { TelephonyCallback } from './registration.js';
import { judgeTelephony } from './telephony-check.js';

/** Statuses of a manager (reference: changeUserStatusUrl). */
export const USER_STATUSES = ['free', 'busy', 'dinner', 'break'] as const;

/** Parameters of a call. */
export interface CallOptions {
  /** The customer's number, as typed by a manager. */
  readonly phone?: string;
  /** Id of the manager. Default: the first one with an extension, unless an extension is given. */
  readonly user?: string;
  /** The manager's extension. Default: the one that the module registered. */
  readonly code?: string;
  /** The company's number to call from. Default: the last one that the module registered for the store. */
  readonly externalPhone?: string;
  /** Code of the store to call from. Default: the account's first. */
  readonly site?: string;
}

/** The CRM's telephony: the call button, a manager's status, the module's page and the player of records. */
export class TelephonyDesk extends Desk {
  /** Throws `SandboxError` if the module is not connected or has no telephony. */
  constructor(sandbox: Sandbox, account: Account, code: string) {
    super(sandbox, account, code, 'telephony', 'telephony');
  }

  /**
   * Presses the call button: the module rings the manager, then the customer. Added to the calls' timeline.
   */
  async makeCall(options: CallOptions): Promise<Outcome> {
    const { phone } = options;
    if (phone === undefined || digits(phone) === '') throw new SandboxError('phone must be a telephone number');
    const codes = asObjects(this.registered['additionalCodes']);
    const user = this.userId(options.user ?? (options.code === undefined ? asText(codes[0]?.['userId']) : undefined));
    const code = options.code ?? asText(codes.find((row) => asText(row['userId']) === user)?.['code']);
    if (code === undefined && user === undefined)
      throw new SandboxError('Name the manager or his extension: the module registered extensions for nobody');
    const fields = present({ code, phone, userId: user, externalPhone: options.externalPhone ?? this.externalPhone(options.site) });
    const pressed = this.sandbox.exchanges.nextId;
    const { outcome } = await this.call('makeCall', 'GET', 'makeCallUrl', fields);
    this.crm.insert('callPresses', {
      at: this.crm.now(),
      module: this.code,
      ...fields,
      result: outcome.ok ? 'ok' : explain(outcome),
      call: outcome.exchangeId,
      pressed,
    });
    return outcome;
  }

  /** Changes a manager's status here and notifies the module. The status stays for any reply. */
  async userStatus(userId: string, status: string, code?: string): Promise<Outcome> {
    if (!(USER_STATUSES as readonly string[]).includes(status))
      throw new SandboxError(`status must be one of ${USER_STATUSES.join(', ')}, not "${status}"`);
    const id = this.userId(userId);
    const user = this.crm.find('users', 'id', id);
    if (user) user['status'] = status;
    this.crm.changed();
    const registered = asObjects(this.registered['additionalCodes']).find((row) => asText(row['userId']) === id);
    const fields = present({ code: code ?? asText(registered?.['code']), userId: id, status });
    return (await this.call('changeUserStatus', 'GET', 'changeUserStatusUrl', fields)).outcome;
  }

  /**
   * Opens the module's page like the button "Telephony personal account" does. Returns its markup on success.
   */
  async personalAccount(): Promise<{ readonly outcome: Outcome; readonly html?: string }> {
    const { outcome, reply } = await this.call('personalAccount', 'POST', 'personalAccountUrl', {});
    return outcome.ok ? { outcome, html: reply.bytes.toString('utf8') } : { outcome };
  }

  /** Fetches an uploaded call's record, or a part (`range`: `bytes=0-99`), with its media type. */
  async record(call: JsonObject, range?: string): Promise<{ readonly outcome: Outcome; readonly bytes: Buffer; readonly type: string }> {
    const url = asText(call['recordUrl']);
    if (url === undefined) throw new SandboxError(`Call ${String(call['externalId'] ?? call['id'])} has no record`, 404);
    const request: ModuleRequest = { verb: 'GET', url, fields: {}, ...(range === undefined ? {} : { headers: { range } }) };
    const { outcome, reply } = await exchange(this.sandbox, this.account, 'telephony record', request, (answer) =>
      judgeTelephony('record', answer, range),
    );
    return { outcome, bytes: reply.bytes, type: reply.contentType };
  }

  private call(
    callback: TelephonyCallback,
    verb: 'GET' | 'POST',
    field: 'makeCallUrl' | 'changeUserStatusUrl' | 'personalAccountUrl',
    fields: { readonly [name: string]: string },
  ): Promise<Exchanged> {
    const path = asText(this.registered[field]);
    if (path === undefined) throw new SandboxError(`Module "${this.code}" registered no ${field}: it does not offer this`, 404);
    return this.send(`telephony ${callback}`, verb, path, fields, (reply) => judgeTelephony(callback, reply));
  }

  private userId(id: string | undefined): string | undefined {
    if (id === undefined || this.crm.find('users', 'id', id)) return id;
    const users = this.crm.rows('users').map((user) => `${String(user['id'])} (${String(user['firstName'])})`);
    throw new SandboxError(`There is no user "${id}". There are: ${users.join(', ')}`, 404);
  }

  /** Returns the last of several numbers of a store, as the reference states. */
  private externalPhone(site: string | undefined): string | undefined {
    const code = site ?? asText(this.crm.rows('sites')[0]?.['code']);
    return asText(asObjects(this.registered['externalPhones']).findLast((row) => row['siteCode'] === code)?.['externalPhone']);
  }
}

/** A call in the CRM: its upload, events and actions. */
export interface CallStory {
  readonly externalId?: string;
  readonly phone: string;
  /** The uploaded call. */
  readonly call?: JsonObject;
  /** Events, oldest first: `press` (the call button), `event`, `upload`. */
  readonly timeline: JsonObject[];
}

/**
 * An account's calls, oldest first. A pressed call button belongs to the next outgoing call to that number.
 */
export function callStories(crm: AccountContext): CallStory[] {
  const stories: { externalId?: string; phone: string; call?: JsonObject; timeline: JsonObject[] }[] = [];
  const story = (externalId: string | undefined, phone: string): (typeof stories)[number] => {
    const known =
      externalId === undefined
        ? undefined
        : (stories.find((one) => one.externalId === externalId) ??
          stories.find((one) => one.externalId === undefined && isSameNumber(one.phone, phone) && one.timeline[0]?.['result'] === 'ok'));
    const one = known ?? { phone, timeline: [] };
    if (!known) stories.push(one);
    if (externalId !== undefined) one.externalId = externalId;
    return one;
  };
  const entries = [
    // The module may report the call before its reply to the press.
    ...crm.rows('callPresses').map((row) => ({ what: 'press', order: Number(row['pressed'] ?? row['call']), row })),
    ...crm.rows('callEvents').map((row) => ({ what: 'event', order: Number(row['call']), row })),
    ...crm.rows('calls').map((row) => ({ what: 'upload', order: Number(row['call']), row })),
  ].sort((one, other) => one.order - other.order);
  for (const { what, row } of entries) {
    const externalId = asText(row['callExternalId']) ?? asText(row['externalId']);
    const one = story(externalId, asText(row['phone']) ?? '');
    const { id: _id, pressed: _pressed, receivedAt, at, ...fields } = row;
    one.timeline.push({ at: at ?? receivedAt, what, ...fields });
    if (what === 'upload') one.call = row;
  }
  return stories;
}

/** Returns the uploaded call with this external id or number. Throws `SandboxError` 404. */
export function callNamed(crm: AccountContext, name: string): JsonObject {
  const call = crm.find('calls', 'externalId', name) ?? crm.find('calls', 'id', name);
  if (!call) throw new SandboxError(`There is no call "${name}" (by external id or number) among those that were uploaded`, 404);
  return call;
}

/** Compares the last nine digits, because a manager may type a number without its country. */
function isSameNumber(one: string, other: string): boolean {
  return digits(one).slice(-9) === digits(other).slice(-9);
}

function present(fields: { readonly [name: string]: string | undefined }): { [name: string]: string } {
  return Object.fromEntries(Object.entries(fields).filter((pair): pair is [string, string] => pair[1] !== undefined));
}
