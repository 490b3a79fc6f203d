import { createHmac, randomBytes } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { IntegrationModuleInput, Settings } from '#crm-client/wire';
import { ArrivalClock, countWithin } from '../../../../tools/sandbox-crm/src/engine/arrival-clock.js';
import { violationsOf } from './contract-check.js';

/** A call of the API as it arrived. */
export interface CrmCall {
  /** Milliseconds on a clock that only goes forward; `since`: the earliest it can have come in, where this process read it late. */
  readonly at: number;
  readonly since: number;
  readonly path: string;
  /** The account's address it was called at. */
  readonly origin: string;
  readonly key: string;
  /** Status answered; 0 when the connection was dropped. */
  status: number;
  /** Statuses of a tracking call. */
  readonly statusUpdate?: StatusUpdateItem[];
}

/** How a call goes wrong. */
export type CrmFault =
  | { kind: 'answer'; status: number; errorMsg?: string; errors?: Record<string, string>; retryAfter?: number }
  /** Nothing is done, nothing answered. */
  | { kind: 'drop' }
  /** Done, then nothing answered. */
  | { kind: 'drop-after' }
  /** Done, and answered only when the promise resolves. */
  | { kind: 'hold'; until: Promise<unknown> };

interface Planned {
  path: RegExp;
  fault: CrmFault;
  left: number;
}

/** A method of the API that another integration calls: the scope it needs, and what it answers. */
export interface CrmMethod {
  scope: string;
  act(form: URLSearchParams): [number, object];
}

/** One delivery of a tracking call (contract: RequestStatusUpdateItem). */
export interface StatusUpdateItem {
  deliveryId: string;
  history: { code: string; updatedAt: string; comment?: string }[];
  trackNumber?: string;
  cost?: number;
  extraData?: Record<string, string>;
}

/** A delivery as this CRM was told of it. */
export interface Tracked {
  /** Every status taken, in the order it came; a call that was repeated is there twice. */
  readonly history: { code: string; updatedAt: string; comment?: string }[];
  trackNumber?: string;
  cost?: number;
}

/** Scopes that a delivery module needs. */
export const DELIVERY_SCOPES = ['integration_read', 'integration_write', 'notification_write', 'delivery_read', 'delivery_write'];

const WINDOW_MS = 1000;
const LIMIT = 10;
const MOST_DELIVERIES = 100;

/**
 * The CRM's side of one account: the part of its API that a delivery module calls, strict about what it is sent (`complaints` must stay empty), over the
 * limit when it gets more than 10 calls in any second, with faults on demand. It shares no code with the client.
 */
export class CrmDouble {
  readonly calls: CrmCall[] = [];
  /** What was sent that the real API would not understand; a spec ends by expecting none. */
  readonly complaints: string[] = [];
  /** Registrations taken, in order. */
  readonly registrations: IntegrationModuleInput[] = [];
  /** Modules as the account has them now: registered, and changed by its users. */
  readonly modules = new Map<string, IntegrationModuleInput>();
  /** What a registration is answered as `info`; an empty object arrives as a list. */
  editInfo: object = [];
  readonly deliveries = new Map<string, Tracked>();
  /** Texts of the notifications that the administrators got, in order. */
  readonly notifications: string[] = [];
  /** Deliveries whose statuses are refused with 400, all of the call with them. */
  readonly poisoned = new Set<string>();
  /** The account's settings, as the API gives them. */
  settings: Settings = {
    default_currency: { value: 'RUB', updated_at: '2026-01-01 10:00:00' },
    system_language: { value: 'ru', updated_at: '2026-01-01 10:00:00' },
    timezone: { value: 'Europe/Moscow', updated_at: '2026-01-01 10:00:00' },
    work_times: [],
    non_working_days: [],
  };
  /** Methods of other integrations, by verb and path. */
  readonly methods = new Map<string, CrmMethod>();
  /** Scopes of a key when none are said. */
  scopes: readonly string[] = DELIVERY_SCOPES;
  /** Whether `update-scopes` gives a new key. */
  grantsScopes = true;
  private readonly keys = new Map<string, string[]>();
  private planned: Planned[] = [];
  private moved = false;
  private readonly clock = new ArrivalClock();

  private constructor(private readonly servers: [Server, Server]) {
    this.clock.start();
    servers.forEach((server, index) =>
      server.on('request', (request: IncomingMessage, reply: ServerResponse) => {
        this.serve(request, reply, index === 1).catch((error: unknown) => {
          this.complaints.push(`the double itself failed: ${String(error)}`);
          reply.destroy();
        });
      }),
    );
  }

  /** Starts an account at a free port of this machine, with another port for its address after a rename. */
  static async start(): Promise<CrmDouble> {
    const servers: [Server, Server] = [createServer(), createServer()];
    for (const server of servers) await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return new CrmDouble(servers);
  }

  /** Several accounts. */
  static startAll(count: number): Promise<CrmDouble[]> {
    return Promise.all(Array.from({ length: count }, () => CrmDouble.start()));
  }

  /** Address of the account now. */
  get url(): string {
    return this.moved ? this.newUrl : this.oldUrl;
  }

  get oldUrl(): string {
    return urlOf(this.servers[0]);
  }

  get newUrl(): string {
    return urlOf(this.servers[1]);
  }

  /** Addresses for CRM_HOSTS. */
  get hosts(): string {
    return `${this.oldUrl},${this.newUrl}`;
  }

  /** The account gets another address; the old one answers for nobody any more. */
  rename(): void {
    this.moved = true;
  }

  /** Makes a key that works. */
  issueKey(scopes: readonly string[] = this.scopes): string {
    const key = randomBytes(16).toString('hex');
    this.keys.set(key, [...scopes]);
    return key;
  }

  revokeKey(key: string): void {
    this.keys.delete(key);
  }

  /** The `register` field of simple connection. */
  registerField(secret: string, apiKey = this.issueKey(), systemUrl = this.url): { token: string; apiKey: string; systemUrl: string } {
    return { token: createHmac('sha256', secret).update(apiKey).digest('hex'), apiKey, systemUrl };
  }

  /** The next `times` calls whose path fits go wrong so. */
  fail(path: RegExp, fault: CrmFault, times = 1): void {
    this.planned.push({ path, fault, left: times });
  }

  /** Ends all faults. */
  recover(): void {
    this.planned = [];
    this.poisoned.clear();
  }

  /** Calls whose path fits. */
  callsTo(path: RegExp): CrmCall[] {
    return this.calls.filter((call) => path.test(call.path));
  }

  /** Tracking calls. */
  get tracking(): CrmCall[] {
    return this.callsTo(TRACKING);
  }

  /** Status codes that a delivery was told to have, in order, immediate repeats left out. */
  codesOf(deliveryId: string): string[] {
    const history = this.deliveries.get(deliveryId)?.history ?? [];
    return history.map((status) => status.code).filter((code, index, all) => code !== all[index - 1]);
  }

  /** Deliveries whose history goes back in time, with what was told. Repeats of a call after a crash do not count. */
  wentBack(): string[] {
    return [...this.deliveries].flatMap(([id, { history }]) => {
      const seen = new Set<string>();
      let latest = -Infinity;
      for (const status of history) {
        const mark = `${status.code} ${status.updatedAt}`;
        if (!seen.has(mark) && Date.parse(status.updatedAt) < latest)
          return [`${id}: ${history.map((one) => `${one.code} ${one.updatedAt}`).join(', ')}`];
        seen.add(mark);
        latest = Math.max(latest, Date.parse(status.updatedAt));
      }
      return [];
    });
  }

  /** The most calls in any second. */
  mostInASecond(): number {
    return countWithin(this.calls, WINDOW_MS);
  }

  /** Forgets calls and complaints. */
  clear(): void {
    this.calls.length = 0;
    this.complaints.length = 0;
  }

  async close(): Promise<void> {
    this.clock.stop();
    for (const server of this.servers) {
      await new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      });
    }
  }

  private async serve(request: IncomingMessage, reply: ServerResponse, atNew: boolean): Promise<void> {
    const arrival = this.clock.read();
    const url = new URL(request.url ?? '/', this.oldUrl);
    const form = request.method === 'GET' ? url.searchParams : await formOf(request);
    const path = decodeURIComponent(url.pathname);
    const key = String(request.headers['x-api-key'] ?? '');
    const statusUpdate = TRACKING.test(path) ? this.readStatuses(form) : undefined;
    const call: CrmCall = {
      ...arrival,
      path,
      origin: atNew ? this.newUrl : this.oldUrl,
      key,
      status: 0,
      ...(statusUpdate && { statusUpdate }),
    };
    this.calls.push(call);
    const answer = (status: number, body: object, headers: Record<string, string> = {}): void => {
      call.status = status;
      reply.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body));
    };
    const fault = this.takeFault(path);
    if (fault?.kind === 'drop') return void request.socket.resetAndDestroy();
    if (fault?.kind === 'answer') {
      const { status, errorMsg = 'Not now', errors, retryAfter } = fault;
      return answer(
        status,
        { success: false, errorMsg, ...(errors && { errors }) },
        retryAfter === undefined ? {} : { 'retry-after': String(retryAfter) },
      );
    }
    if (atNew !== this.moved) return answer(404, { success: false, errorMsg: 'Account does not exist.' });
    if (
      countWithin(
        this.calls.filter((one) => one.at > arrival.at - WINDOW_MS),
        WINDOW_MS,
      ) > LIMIT
    )
      return answer(503, { success: false, errorMsg: 'API limit exceeded' });
    const scopes = this.keys.get(key);
    if (!scopes) return answer(403, { success: false, errorMsg: 'Wrong "apiKey" value.' });
    const [status, body] = this.act(request.method ?? '', path, form, key, scopes, statusUpdate);
    if (fault?.kind === 'drop-after') return void request.socket.resetAndDestroy();
    if (fault?.kind === 'hold') await fault.until;
    answer(status, body);
  }

  private act(
    verb: string,
    path: string,
    form: URLSearchParams,
    key: string,
    scopes: string[],
    statusUpdate: StatusUpdateItem[] | undefined,
  ): [number, object] {
    const needs = (scope: string): [number, object] | undefined =>
      scopes.includes(scope) ? undefined : [403, { success: false, errorMsg: `Access denied: ${scope}` }];
    const edit = /^\/api\/v5\/integration-modules\/([^/]+)\/(edit|update-scopes)$/.exec(path);
    const read = /^\/api\/v5\/integration-modules\/([^/]+)$/.exec(path);
    if (verb === 'GET' && read) return needs('integration_read') ?? this.readModule(read[1] ?? '');
    if (verb === 'GET' && path === '/api/credentials')
      return [200, { success: true, credentials: [], scopes, siteAccess: 'access_full', sitesAvailable: [] }];
    if (verb === 'GET' && path === '/api/v5/settings') return [200, { success: true, settings: this.settings }];
    if (verb === 'POST' && edit?.[2] === 'edit') return needs('integration_write') ?? this.register(edit[1] ?? '', form);
    if (verb === 'POST' && edit?.[2] === 'update-scopes') return needs('integration_write') ?? this.widen(form, key);
    if (verb === 'POST' && path === '/api/v5/notifications/send') return needs('notification_write') ?? this.notify(form);
    if (verb === 'POST' && statusUpdate) return needs('delivery_write') ?? this.track(path, statusUpdate);
    const more = this.methods.get(`${verb} ${path}`);
    if (more) return needs(more.scope) ?? more.act(form);
    this.complaints.push(`no such method: ${verb} ${path}`);
    return [404, { success: false, errorMsg: 'Method not found' }];
  }

  private register(code: string, form: URLSearchParams): [number, object] {
    const module = jsonOf(form, 'integrationModule') as IntegrationModuleInput | undefined;
    const problems = violationsOf(module, 'IntegrationModule');
    if (module?.code !== code) problems.push(`integrationModule.code must be ${code}`);
    for (const name of ['code', 'integrationCode', 'name', 'clientId', 'baseUrl', 'accountUrl'] as const)
      if (!module?.[name]) problems.push(`integrationModule.${name} is required`);
    if (!module || problems.length > 0) return this.complain(problems);
    this.registrations.push(module);
    // What an edit leaves out stays, as users may have changed it.
    const before = this.modules.get(code)?.integrations;
    const delivery = module.integrations?.delivery && { ...before?.delivery, ...module.integrations.delivery };
    const telephony = module.integrations?.telephony && { ...before?.telephony, ...module.integrations.telephony };
    const integrations = { ...module.integrations, ...(delivery && { delivery }), ...(telephony && { telephony }) };
    this.modules.set(code, { ...module, integrations });
    return [200, { success: true, info: this.editInfo }];
  }

  private readModule(code: string): [number, object] {
    const module = this.modules.get(code);
    return module ? [200, { success: true, integrationModule: module }] : [404, { success: false, errorMsg: 'Not found' }];
  }

  /** The old key ends when the new one is given. */
  private widen(form: URLSearchParams, key: string): [number, object] {
    const wanted = (jsonOf(form, 'requires') as { scopes?: unknown } | undefined)?.scopes;
    if (!Array.isArray(wanted) || wanted.length === 0) return this.complain(['requires.scopes is required']);
    if (!this.grantsScopes) return [200, { success: true }];
    this.keys.delete(key);
    return [200, { success: true, apiKey: this.issueKey(wanted.map(String)) }];
  }

  /** As the reference has it: one of two kinds of recipients, 160 characters without the tags, a few tags. */
  private notify(form: URLSearchParams): [number, object] {
    const notification = jsonOf(form, 'notification') as { type?: string; message?: string; userGroups?: string[] } | undefined;
    const problems = violationsOf(notification, 'Notification');
    const { type, message = '', userGroups } = notification ?? {};
    if (type !== 'api.error') problems.push(`notification.type ${type}`);
    if (userGroups?.join() !== 'superadmins' || 'userIds' in (notification ?? {}))
      problems.push('notification must name superadmins alone');
    const plain = message.replace(/<\/?(b|i|strong|em|br|span|div|p|a)( href="[^"]*")?>/g, '');
    if (plain === '' || plain.length > 160 || /[<>]/.test(plain)) problems.push(`notification.message ${message}`);
    if (problems.length > 0) return this.complain(problems);
    this.notifications.push(message);
    return [200, { success: true }];
  }

  private track(path: string, items: StatusUpdateItem[]): [number, object] {
    const code = TRACKING.exec(path)?.[1] ?? '';
    const registration = this.registrations.findLast((one) => one.code === code);
    if (!registration) return this.complain([`no module ${code} is registered`]);
    const known = new Set(registration.integrations?.delivery?.statusList?.map((status) => status.code));
    const problems = items.flatMap((item, index) =>
      violationsOf(item, 'DeliveryRequestStatusUpdateItem').map((text) => `statusUpdate[${index}] ${text}`),
    );
    if (items.length === 0 || items.length > MOST_DELIVERIES) problems.push(`statusUpdate holds ${items.length} deliveries`);
    if (new Set(items.map((item) => item.deliveryId)).size !== items.length) problems.push('statusUpdate names a delivery twice');
    for (const { deliveryId, history } of items) {
      if (!deliveryId || !history?.length) problems.push(`${deliveryId} has no id or no history`);
      for (const status of history) if (!known.has(status.code)) problems.push(`${deliveryId}: status ${status.code} is not registered`);
      const times = history.map((status) => Date.parse(status.updatedAt));
      if (times.some((time, index) => time < (times[index - 1] ?? -Infinity)))
        problems.push(`${deliveryId}: the history is not oldest first`);
    }
    if (problems.length > 0) return this.complain(problems);
    const bad = items.find((item) => this.poisoned.has(item.deliveryId));
    if (bad)
      return [
        400,
        { success: false, errorMsg: 'Errors in the input parameters', errors: { statusUpdate: `delivery ${bad.deliveryId} is not known` } },
      ];
    for (const { deliveryId, history, trackNumber, cost } of items) {
      const tracked = this.deliveries.get(deliveryId) ?? { history: [] };
      this.deliveries.set(deliveryId, tracked);
      tracked.history.push(...history);
      if (trackNumber !== undefined) tracked.trackNumber = trackNumber;
      if (cost !== undefined) tracked.cost = cost;
    }
    return [200, { success: true }];
  }

  private readStatuses(form: URLSearchParams): StatusUpdateItem[] {
    const items = jsonOf(form, 'statusUpdate');
    return Array.isArray(items) ? (items as StatusUpdateItem[]) : [];
  }

  private complain(problems: string[]): [number, object] {
    this.complaints.push(...problems);
    return [400, { success: false, errorMsg: 'Errors in the input parameters', errors: { ...problems } }];
  }

  private takeFault(path: string): CrmFault | undefined {
    const found = this.planned.find((one) => one.path.test(path));
    if (found && --found.left <= 0) this.planned = this.planned.filter((one) => one !== found);
    return found?.fault;
  }
}

const TRACKING = /^\/api\/v5\/delivery\/generic\/([^/]+)\/tracking$/;

function urlOf(server: Server): string {
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

async function formOf(request: IncomingMessage): Promise<URLSearchParams> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return request.headers['content-type']?.startsWith('application/x-www-form-urlencoded')
    ? new URLSearchParams(Buffer.concat(chunks).toString('utf8'))
    : new URLSearchParams();
}

function jsonOf(form: URLSearchParams, field: string): unknown {
  const text = form.get(field);
  if (text === null) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
