import { createHmac } from 'node:crypto';
import type { IntegrationModuleInput } from '#crm-client/wire';
import { type Arrival, countWithin } from '../../../../lab/sandbox-crm/src/engine/arrival-clock.js';
import type { ReceivedCall } from '../../../../lab/sandbox-crm/src/engine/call.js';
import type { Fault } from '../../../../lab/sandbox-crm/src/engine/faults.js';
import { removeFromOrder } from '../../../../lab/sandbox-crm/src/groups/tracking.js';
import { asObject, type JsonObject } from '../../../../lab/sandbox-crm/src/json.js';
import { DEFAULT_ACCOUNT, Sandbox, type SandboxOptions } from '../../../../lab/sandbox-crm/src/sandbox.js';
import { SandboxServer } from '../../../../lab/sandbox-crm/src/server.js';
import type { AccountContext } from '../../../../lab/sandbox-crm/src/store/account-context.js';
import type { Account as SandboxAccount, Delivery } from '../../../../lab/sandbox-crm/src/store/state.js';

/** A call of the API as the sandbox received it. */
export type CrmCall = ReceivedCall;

/** A fault of the sandbox, but for where it strikes. */
export type CrmFault = Omit<Fault, 'id' | 'struck' | 'path' | 'times'>;

/** Scopes that a delivery module asks for. */
export const DELIVERY_SCOPES = [
  ...['integration_read', 'integration_write', 'notification_write', 'delivery_read', 'delivery_write'],
  'order_read',
  'reference_read',
];

const WINDOW_MS = 1000;
const TRACKING = 'delivery.tracking';

/** One account of a separate sandbox CRM: its actions and checks for specs. */
export class Crm {
  private seen = 0;

  private constructor(
    private readonly sandbox: Sandbox,
    private readonly server: SandboxServer,
    private readonly received: readonly CrmCall[],
    readonly oldUrl: string,
    /** Its address after a rename. */
    readonly newUrl: string,
  ) {}

  /**
   * Starts an account on a free port of this machine, with another port for its address after a rename.
   * `chatGateway`: address of a double of the message gateway, for chat modules; `pages`, `modulesUrl`: for
   * its screens.
   */
  static async start(options: Pick<SandboxOptions, 'chatGateway' | 'pages' | 'modulesUrl'> = {}): Promise<Crm> {
    const received: CrmCall[] = [];
    const sandbox = new Sandbox({ onCall: (call) => received.push(call), forgivesStalls: true, ...options });
    const server = new SandboxServer(sandbox);
    const url = await server.listen({ port: 0, host: '127.0.0.1' });
    return new Crm(sandbox, server, received, url, `http://127.0.0.1:${await server.openPort(0)}`);
  }

  /** Several accounts. */
  static startAll(count: number): Promise<Crm[]> {
    return Promise.all(Array.from({ length: count }, () => Crm.start()));
  }

  /** The account's records. */
  get context(): AccountContext {
    return this.sandbox.context(this.account);
  }

  /** Address of the account now. */
  get url(): string {
    return this.sandbox.buildUrl(this.account);
  }

  /** Addresses for CRM_HOSTS. */
  get hosts(): string {
    return `${this.oldUrl},${this.newUrl}`;
  }

  /** The account's settings, as the API answers them. */
  get settings(): JsonObject {
    return this.account.settings;
  }

  set settings(settings: JsonObject) {
    this.account.settings = settings;
  }

  /** Moves the account to another address. The old one stops replying. */
  rename(): Promise<void> {
    return this.server.move(this.account, this.newUrl);
  }

  /** Makes a key that works. */
  issueKey(scopes: readonly string[] = DELIVERY_SCOPES): string {
    return this.sandbox.makeKey(this.account, scopes).key;
  }

  revokeKeys(): void {
    for (const key of this.account.keys) key.active = false;
  }

  /** The `register` field of simple connection. */
  registerField(secret: string, apiKey = this.issueKey(), systemUrl = this.url): { token: string; apiKey: string; systemUrl: string } {
    return { token: createHmac('sha256', secret).update(apiKey).digest('hex'), apiKey, systemUrl };
  }

  /** Makes the next `times` calls that match `path` (`*` is any text) fail. Returns what ends the fault. */
  fail(path: string, fault: CrmFault, times = 1): () => void {
    const { id } = this.sandbox.faults.add({ ...fault, path, times });
    return () => void this.sandbox.faults.remove(id);
  }

  /** Refuses every call of `path` whose body contains a text, such as an id in quotes, with all its rows. */
  refuse(path: string, holding: string): void {
    this.sandbox.faults.add({ kind: 'error-before', status: 400, errorMsg: 'Errors in the input parameters', path, holding });
  }

  /** Ends all faults. */
  recover(): void {
    this.sandbox.faults.remove();
  }

  /** All calls since the last `clear`, in the order they came. */
  get calls(): readonly CrmCall[] {
    return this.received.slice(this.seen);
  }

  /** Calls of a method of the API, by `group.name`. */
  callsTo(method: string): CrmCall[] {
    return this.calls.filter((call) => call.name === method);
  }

  /** Calls to `tracking` that the CRM received. */
  get tracking(): CrmCall[] {
    return this.callsTo(TRACKING);
  }

  /**
   * Calls that the API rejects, or accepts although they look like a mistake. Specs expect this to be empty.
   */
  get complaints(): string[] {
    return this.calls.flatMap((call) => [...call.violations, ...call.remarks].map((text) => `${call.name}: ${text}`));
  }

  /** Forgets calls, and the complaints about them. */
  clear(): void {
    this.seen = this.received.length;
  }

  /** The most calls in any second. */
  countMostInASecond(): number {
    const arrivals: Arrival[] = this.calls.map((call) => call.arrival);
    return countWithin(arrivals, WINDOW_MS);
  }

  /** Values of a field in the carried-out calls of a method, in order, whatever was answered. */
  listCarriedOut<T>(method: string, field: string): { value: T; call: CrmCall }[] {
    return this.received
      .filter((call) => call.name === method && call.isCarriedOut)
      .map((call) => ({ call, value: JSON.parse(String(call.input[field])) as T }));
  }

  /** Registrations accepted since the start, in order, in the form that the CRM received. */
  get registrations(): IntegrationModuleInput[] {
    return this.listCarriedOut<IntegrationModuleInput>('integration.edit', 'integrationModule').map(({ value }) => value);
  }

  /** A module's current registration in the account, including changes by its users. */
  findModule(code: string): IntegrationModuleInput | undefined {
    return this.account.modules[code]?.registration as IntegrationModuleInput | undefined;
  }

  /** As if the account's users had changed something in a module's configuration. */
  changeModule(code: string, registration: IntegrationModuleInput): void {
    const module = this.account.modules[code];
    if (module) module.registration = registration as JsonObject;
  }

  /** As if the CRM had replaced the token of a module's chat transport: the next registration tells it. */
  replaceChatToken(code: string): void {
    const module = this.account.modules[code];
    if (module) module.chatTokensReplaced = (module.chatTokensReplaced ?? 0) + 1;
  }

  /** Takes all modules out of the account. */
  removeModules(): void {
    this.account.modules = {};
  }

  /** Texts of the notifications that the administrators got, in order. */
  get notifications(): string[] {
    return this.context.rows('notifications').map((row) => String(row['message']));
  }

  /** Notes a delivery that a module has made, and shows it on its order: the CRM's part of `save`. */
  addDelivery(module: string, deliveryId: string, order: string, saved: Pick<Delivery, 'status' | 'trackNumber' | 'cost'> = {}): void {
    if (this.context.delivery(module, deliveryId)) return;
    this.account.deliveries.push({
      ...{ module, deliveryId, orderId: Number(order), extraData: {}, history: [], deleted: false, madeBy: {} },
      createdAt: this.sandbox.now().toISOString(),
    });
    const { status, trackNumber, cost } = saved;
    if (!this.findOrder(order)) this.context.rows('orders').push({ id: Number(order), status: 'new', payments: [] });
    const delivery = { integrationCode: module, data: { externalId: deliveryId, status, trackNumber, cost } };
    Object.assign(this.findOrder(order) ?? {}, { delivery });
  }

  /** Takes note that a delivery was deleted: its statuses are refused from now on. */
  removeDelivery(module: string, deliveryId: string): void {
    const delivery = this.context.delivery(module, deliveryId);
    if (delivery) removeFromOrder(this.context, delivery);
  }

  /** An order of the account, by its id. */
  findOrder(order: string): JsonObject | undefined {
    return this.context.find('orders', 'id', Number(order));
  }

  /** An order's delivery data in the CRM, which specs change behind the module's back. */
  findShown(order: string): JsonObject {
    return asObject(asObject(this.findOrder(order)?.['delivery'])['data']);
  }

  /** A delivery with the statuses that the CRM was sent, in the order they came. */
  findDelivery(deliveryId: string): Delivery | undefined {
    return this.account.deliveries.find((one) => one.deliveryId === deliveryId);
  }

  /** A delivery's status codes in the CRM, in order, without immediate repeats. */
  listCodes(deliveryId: string): string[] {
    const history = this.findDelivery(deliveryId)?.history ?? [];
    return history.map((status) => status.code).filter((code, index, all) => code !== all[index - 1]);
  }

  /** Deliveries whose history goes back in time, with their statuses. Repeats after a crash do not count. */
  listBackwardDeliveries(): string[] {
    return this.account.deliveries
      .filter(({ history }) => history.some((status) => status.older && !status.repeated))
      .map(({ deliveryId, history }) => `${deliveryId}: ${history.map((one) => `${one.code} ${one.updatedAt}`).join(', ')}`);
  }

  close(): Promise<void> {
    return this.server.close();
  }

  private get account(): SandboxAccount {
    const account = this.sandbox.account(DEFAULT_ACCOUNT);
    if (!account) throw new Error('the sandbox has lost its account');
    return account;
  }
}
