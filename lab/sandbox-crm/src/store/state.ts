import type { DeliveryStatusView, EntryView } from '../control/control-types.js';
import type { JsonObject } from '../json.js';

/** One status of a delivery, received by tracking (or in the reply to `save`, without `updatedAt`). */
export type DeliveryStatus = DeliveryStatusView;

/** A key of an account's API, with its scopes. */
export interface ApiKey {
  readonly key: string;
  scopes: string[];
  /** The module that it was created for, with all its instances. Undefined for keys created manually. */
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

/** An instance of a module installed in an account: its registration and its state. */
export interface InstalledModule {
  /** Code of the instance. The account's first instance has the module's code, its `integrationCode`. */
  readonly code: string;
  active: boolean;
  freeze: boolean;
  /** `Entity/Integration/IntegrationModule` as the module sent it. */
  registration: JsonObject;
  registeredAt: string;
  /** `Entity/Integration/BillingInfo`: its price for the account. Only for modules of the marketplace. */
  billing?: JsonObject;
  /** Number of times its chat transport's token was replaced. The next registration returns the new one. */
  chatTokensReplaced?: number;
  /** How often the token of its bot was replaced. */
  botTokensReplaced?: number;
  connection?: ModuleConnection;
}

/** A delivery that a module created for an order. */
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
  /** The body of the `save` that created it, for repeating it. */
  readonly madeBy: JsonObject;
  readonly createdAt: string;
}

/** An account of the CRM: its settings, keys, modules and all its records. */
export interface Account {
  readonly code: string;
  name: string;
  /** Its own TCP port. Undefined for an account on the sandbox's main port. */
  port?: number;
  /** Base URL for modules. Undefined: the sandbox's own address. */
  url?: string;
  /** `Entity/Settings/Settings`. */
  settings: JsonObject;
  keys: ApiKey[];
  /** By the codes of the instances. */
  modules: { [code: string]: InstalledModule };
  deliveries: Delivery[];
  /** Records of the API by collection, in the contract's shapes, oldest first. */
  records: { [collection: string]: JsonObject[] };
  /** The last assigned id, by collection. */
  ids: { [collection: string]: number };
}

/** The state that is kept across restarts. */
export interface SandboxState {
  version: 2;
  accounts: { [code: string]: Account };
  exchanges: LoggedExchange[];
  exchangeId: number;
}

/** One HTTP exchange between the CRM's side and a module, as the control API shows it. */
export type LoggedExchange = Omit<EntryView, 'explained'>;
