import { type Json, type JsonObject } from '../json.js';

/** A key of an account's API, with the permissions it carries. */
export interface ApiKey {
  readonly key: string;
  scopes: string[];
  /** The module it was made for, with all of its instances; undefined for keys made by hand. */
  module?: string;
  active: boolean;
}

/** How the module was connected, kept to connect it again. */
export interface ModuleConnection {
  moduleUrl: string;
  registerUrl: string;
  accountUrl: string;
  connectedAt: string;
}

/** An instance of a module installed in an account: what it registered, and how it stands. */
export interface InstalledModule {
  /** Of the instance; an account's first one has the module's code, its `integrationCode`. */
  readonly code: string;
  active: boolean;
  freeze: boolean;
  /** `Entity/Integration/IntegrationModule` as the module sent it. */
  registration: JsonObject;
  registeredAt: string;
  /** `Entity/Integration/BillingInfo`: what it costs the account; only modules of the marketplace have it. */
  billing?: JsonObject;
  /** How often the token of its chat transport was replaced; the next registration tells the present one. */
  chatTokensReplaced?: number;
  connection?: ModuleConnection;
}

/** One status of a delivery as it arrived by tracking (or in the reply to `save`). */
export interface DeliveryStatus {
  readonly code: string;
  /** Written by the module, ISO 8601 with zone; undefined for the status of a `save` reply. */
  readonly updatedAt?: string;
  readonly comment?: string;
  /** When the sandbox received it, ISO 8601 in UTC. */
  readonly receivedAt: string;
  /** The tracking call's number in the journal. */
  readonly call?: number;
  /** Older than one received before it. */
  readonly older: boolean;
  /** The same code and time were received before. */
  readonly repeated: boolean;
}

/** A delivery that a module made for an order. */
export interface Delivery {
  readonly deliveryId: string;
  readonly module: string;
  readonly orderId: number;
  trackNumber?: string;
  cost?: number;
  status?: string;
  extraData: JsonObject;
  history: DeliveryStatus[];
  deleted: boolean;
  /** The body of the `save` that made it, to be sent once more. */
  readonly madeBy: JsonObject;
  readonly createdAt: string;
}

/** An account of the CRM: its settings, keys, modules and all of its records. */
export interface Account {
  readonly code: string;
  name: string;
  /** Own TCP port; undefined for an account on the sandbox's main port. */
  port?: number;
  /** Base URL told to modules; undefined: the sandbox's own address. */
  url?: string;
  /** `Entity/Settings/Settings`. */
  settings: JsonObject;
  keys: ApiKey[];
  /** By the codes of the instances. */
  modules: { [code: string]: InstalledModule };
  deliveries: Delivery[];
  /** Records of the API by collection, in the contract's shapes, oldest first. */
  records: { [collection: string]: JsonObject[] };
  /** The last id given out, by collection. */
  ids: { [collection: string]: number };
}

/** All that outlives a restart. */
export interface SandboxState {
  version: 1;
  accounts: { [code: string]: Account };
  journal: JournalEntry[];
  journalId: number;
}

/** One HTTP exchange between the CRM's side and a module. Keys and tokens are masked. */
export interface JournalEntry {
  readonly id: number;
  /** ISO 8601 in UTC. */
  readonly at: string;
  /** `in`: the module called the API. `out`: the CRM called the module. */
  readonly direction: 'in' | 'out';
  readonly account: string;
  /** The API method (`Orders.list`), or the callback's name. */
  readonly name: string;
  readonly verb: string;
  /** Path of the API, or the URL of the callback. */
  readonly url: string;
  readonly request: Json;
  readonly status: number;
  readonly response: Json;
  readonly milliseconds: number;
  /** What was against the contract in the module's part of the exchange. */
  readonly violations: string[];
  /** What the contract allows and is still worth a look. */
  readonly notes: string[];
  /** The fault that the sandbox played here. */
  readonly fault?: string;
}
