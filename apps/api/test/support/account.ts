import { once } from 'node:events';
import { connect } from 'node:net';
import type * as wire from '#crm-client/wire';
import { callbackForm, sampleOrder, type WireCalculate, type WireSave, wireSave } from '#testing';
import { listViolations } from './contract-check.js';
import type { Crm } from './crm.js';
import { type Reply, readReply, repeatWhileBusy } from './reply.js';

/** The properties of the deployment that an account uses. */
export interface ModuleHost {
  readonly url: string;
  getSecret(module: string): string;
}

type Fields = Readonly<Record<string, string | object>>;

/** An instance of a module in a CRM account. Calls its callbacks at the registered addresses. */
export class Account {
  private constructor(
    readonly crm: Crm,
    readonly host: ModuleHost,
    readonly module: string,
    /** Given by the module at registration. */
    readonly clientId: string,
    /** Where the user is sent after connecting. */
    readonly accountUrl: string,
    /** By which the CRM knows it. */
    readonly code = module,
  ) {}

  /**
   * Connects a module with simple connection and expects it to be registered. `refused`: scopes that it asks
   * for and does not get.
   */
  static async connect(host: ModuleHost, crm: Crm, module = 'courier', refused: readonly string[] = []): Promise<Account> {
    const config = await repeatWhileBusy(async () => readReply(await fetch(`${host.url}/${module}/config`)));
    const { scopes } = config.json as { scopes: string[] };
    const key = crm.issueKey(scopes.filter((scope) => !refused.includes(scope)));
    const reply = await repeatWhileBusy(() => register(host, module, crm.registerField(host.getSecret(module), key)));
    if (reply.status !== 200) throw new Error(`${module} did not connect: ${reply.status} ${reply.bytes.toString()}`);
    const { accountUrl } = reply.json as { accountUrl: string };
    const clientId = crm.findModule(module)?.clientId;
    if (!clientId) throw new Error(`${module} was not registered`);
    return new Account(crm, host, module, clientId, accountUrl);
  }

  /** An account that an operator connected, with the clientId that the module answered. */
  static byHand(host: ModuleHost, crm: Crm, module: string, clientId: string): Account {
    return new Account(crm, host, module, clientId, '');
  }

  /** A further instance of the same module, which is registered under this code. */
  findInstance(code: string): Account {
    const clientId = this.crm.findModule(code)?.clientId;
    if (!clientId) throw new Error(`${code} was not registered`);
    return new Account(this.crm, this.host, this.module, clientId, '', code);
  }

  /** The instance's current registration in the CRM. */
  get registration(): wire.IntegrationModuleInput {
    const registration = this.crm.registrations.findLast((one) => one.code === this.code);
    if (!registration) throw new Error(`${this.code} is not registered`);
    return registration;
  }

  /** POSTs a callback, urlencoded. The path is below `/callbacks`. */
  async post(path: string, fields: Fields, clientId = this.clientId): Promise<Reply> {
    return this.keep(path, fields, await postForm(`${this.host.url}/${this.module}/callbacks${path}`, callbackForm(clientId, fields)));
  }

  /** POSTs a callback and hangs up once it was sent. */
  async postAndLeave(path: string, fields: Fields): Promise<void> {
    const { hostname, port, host, pathname } = new URL(`${this.host.url}/${this.module}/callbacks${path}`);
    const body = callbackForm(this.clientId, fields).toString();
    const head = [
      `POST ${pathname} HTTP/1.1`,
      `host: ${host}`,
      'content-type: application/x-www-form-urlencoded',
      `content-length: ${body.length}`,
    ];
    const socket = connect(Number(port), hostname);
    socket.end(`${head.join('\r\n')}\r\n\r\n${body}`);
    socket.resume();
    await once(socket, 'close');
  }

  /** POSTs a callback as multipart/form-data. */
  async postMultipart(path: string, fields: Fields): Promise<Reply> {
    const form = new FormData();
    form.set('clientId', this.clientId);
    for (const [name, value] of Object.entries(fields)) form.set(name, typeof value === 'string' ? value : JSON.stringify(value));
    return this.keep(
      path,
      fields,
      await readReply(await fetch(`${this.host.url}/${this.module}/callbacks${path}`, { method: 'POST', body: form })),
    );
  }

  /** GETs a callback. */
  async get(path: string, query: Readonly<Record<string, string>> = {}, clientId = this.clientId): Promise<Reply> {
    return readReply(
      await fetch(`${this.host.url}/${this.module}/callbacks${path}?${new URLSearchParams({ clientId, ...query }).toString()}`),
    );
  }

  calculate(body: WireCalculate): Promise<Reply> {
    return this.post('/delivery/calculate', { calculate: body });
  }

  save(body: WireSave): Promise<Reply> {
    return this.post('/delivery/save', { save: body });
  }

  delete(deliveryId: string): Promise<Reply> {
    return this.post('/delivery/delete', { delete: { deliveryId } });
  }

  /** Saves an order (its id) and returns the delivery. Throws unless it was saved. */
  async ship(
    order: string,
    tariff = 'courier',
    changes: Parameters<typeof wireSave>[2] = {},
  ): Promise<wire.CallbackDeliveryResponseSave & { deliveryId: string }> {
    return readSaved(await this.save(wireSave(tariff, sampleOrder('moscowCourier', { order, orderNumber: `${order}A` }), changes)));
  }

  activity(active: boolean, freeze: boolean, systemUrl = this.crm.url): Promise<Reply> {
    return this.post('/activity', { activity: { active, freeze }, systemUrl });
  }

  tellSettings(settings: object): Promise<Reply> {
    return this.post('/settings', { settings });
  }

  /** Keeps in the CRM what a callback was answered there: a delivery that was made, or that is no more. */
  private keep(path: string, fields: Fields, reply: Reply): Reply {
    if (reply.status !== 200) return reply;
    const { save, delete: deletion } = fields as { save?: WireSave; delete?: { deliveryId: string } };
    if (path === '/delivery/save') {
      const { result } = reply.json as wire.CallbackDeliverySaveResponse;
      const { deliveryId, status, trackNumber, cost } = result ?? {};
      const shown = { ...(status && { status }), ...(trackNumber && { trackNumber }), ...(cost != null && { cost }) };
      if (deliveryId) this.crm.addDelivery(this.code, deliveryId, String(save?.order), shown);
    }
    if (path === '/delivery/delete' && deletion) this.crm.removeDelivery(this.code, deletion.deliveryId);
    return reply;
  }
}

/** POSTs the `register` field of simple connection. */
export function register(host: ModuleHost, module: string, field: object | string): Promise<Reply> {
  return postForm(
    `${host.url}/${module}/register`,
    new URLSearchParams({ register: typeof field === 'string' ? field : JSON.stringify(field) }).toString(),
  );
}

/** POSTs a urlencoded body. */
export async function postForm(url: string, body: string): Promise<Reply> {
  return readReply(await fetch(url, { method: 'POST', headers: { 'content-type': 'application/x-www-form-urlencoded' }, body }));
}

/** The delivery of a save that succeeded, checked against the contract. */
export function readSaved(reply: Reply): wire.CallbackDeliveryResponseSave & { deliveryId: string } {
  const body = readResult<wire.CallbackDeliveryResponseSave>(reply, 'CallbackDeliverySaveResponse');
  if (!body.deliveryId) throw new Error('the save gave no deliveryId');
  return { ...body, deliveryId: body.deliveryId };
}

/** Returns a callback's result. Throws unless it succeeded and its reply fits the contract exactly. */
export function readResult<Result>(reply: Reply, type: wire.TypeName): Result {
  const text = reply.bytes.toString('utf8');
  if (reply.status !== 200) throw new Error(`answered ${reply.status}: ${text}`);
  const problems = listViolations(reply.json, type);
  if (!/^application\/json\b/.test(reply.headers.get('content-type') ?? '')) problems.push('the content type is not application/json');
  const body = reply.json as { success?: unknown; result?: Result };
  if (body.success !== true) problems.push('success is not true');
  if (problems.length > 0) throw new Error(`not as the contract says: ${problems.join('; ')} in ${text.slice(0, 500)}`);
  return body.result as Result;
}

/** Returns `errorMsg` and `errors` of a rejected callback. Throws unless the reply is a contract error. */
export function readRefusal(reply: Reply): { status: number; errorMsg: string; errors: Record<string, string> } {
  const text = reply.bytes.toString('utf8');
  if (reply.status < 400) throw new Error(`was not refused: ${reply.status} ${text}`);
  const body = reply.json as { success?: unknown; errorMsg?: unknown; errors?: Record<string, string> };
  const { success, errorMsg, errors = {} } = body;
  if (success !== false || typeof errorMsg !== 'string' || errorMsg === '' || typeof errors !== 'object' || Array.isArray(errors))
    throw new Error(`${reply.status} is not answered in the contract's form: ${text}`);
  return { status: reply.status, errorMsg, errors };
}
