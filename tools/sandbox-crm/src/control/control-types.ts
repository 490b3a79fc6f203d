/** What the control API answers, as its page reads it: declarations alone, which the pages share. */

/** Any JSON value. */
export type JsonValue = null | boolean | number | string | JsonValue[] | { [field: string]: JsonValue | undefined };

/** Fields in the API's own names. */
export interface Fields {
  [field: string]: JsonValue | undefined;
}

/** A violation of the contract with the contract's sentence. */
export interface ViolationView {
  readonly message: string;
  /** The contract's own words. */
  readonly sentence: string;
  /** File of `docs/contract` that they stand in. */
  readonly page: string;
}

/** One HTTP exchange between the CRM and a module. Keys and tokens are masked. */
export interface EntryView {
  readonly id: number;
  /** ISO 8601 in UTC. */
  readonly at: string;
  /** `in`: the module called the API. `out`: the CRM called the module. */
  readonly direction: 'in' | 'out';
  readonly account: string;
  /** The API method (`orders.list`), or the callback's name. */
  readonly name: string;
  readonly verb: string;
  readonly url: string;
  readonly request: JsonValue;
  /** HTTP status; 0 without an answer. */
  readonly status: number;
  readonly response: JsonValue;
  readonly milliseconds: number;
  readonly violations: readonly string[];
  /** The same, each with the sentence of the contract. */
  readonly explained: readonly ViolationView[];
  /** What the contract allows and is still worth a look. */
  readonly notes: readonly string[];
  /** The fault that the sandbox played here. */
  readonly fault?: string;
}

/** What came of one callback. */
export interface OutcomeView {
  readonly callback: string;
  /** The module did it, and its reply is as the contract says. */
  readonly ok: boolean;
  /** HTTP status; 0 without an answer. */
  readonly status: number;
  readonly body: JsonValue;
  readonly violations: readonly string[];
  readonly explained: readonly ViolationView[];
  /** The module's reason when it refused. */
  readonly refusal?: string;
  /** Why there was no answer at all. */
  readonly failure?: string;
  readonly milliseconds: number;
  /** The exchange's number in the journal. */
  readonly journalId: number;
}

/** An account of the CRM. */
export interface AccountView {
  readonly code: string;
  readonly name: string;
  /** Its address, as modules know it; the screens are there too. */
  readonly url: string;
  readonly settings: Fields;
  readonly keys: readonly {
    readonly ending: string;
    readonly scopes: readonly string[];
    readonly active: boolean;
    readonly module?: string;
  }[];
  readonly modules: readonly string[];
  readonly orders: number;
}

/** An installed module. */
export interface ModuleView {
  readonly code: string;
  /** Of the module that it is an instance of. */
  readonly integrationCode: string;
  readonly active: boolean;
  readonly freeze: boolean;
  /** ISO 8601 in UTC. */
  readonly registeredAt: string;
  /** `Entity/Integration/IntegrationModule` as the module sent it. */
  readonly registration: Fields;
  /** What it offers, in a line for each kind. */
  readonly capabilities: readonly string[];
  readonly billing?: Fields;
  readonly connection?: {
    readonly moduleUrl: string;
    readonly registerUrl: string;
    readonly accountUrl: string;
    readonly connectedAt: string;
  };
}

/** A module that the deployment offers to connect. */
export interface OfferedModule {
  readonly code: string;
  readonly name: string;
  readonly integration: string;
  /** Where it is connected: the address before `/config`. */
  readonly moduleUrl: string;
}

/** What can be connected; `problem` says why the deployment does not tell. */
export interface Marketplace {
  readonly modules: readonly OfferedModule[];
  readonly problem?: string;
}

/** What connecting came to. */
export interface ConnectedView {
  readonly ok: boolean;
  readonly code: string;
  readonly systemUrl: string;
  readonly scopes: readonly string[];
  readonly accountUrl?: string;
  readonly capabilities: readonly string[];
  readonly violations: readonly string[];
  readonly explained: readonly ViolationView[];
  readonly steps: readonly OutcomeView[];
}

/** One status of a delivery as it arrived. */
export interface DeliveryStatusView {
  readonly code: string;
  readonly updatedAt?: string;
  readonly comment?: string;
  /** ISO 8601 in UTC. */
  readonly receivedAt: string;
  /** The tracking call's number in the journal. */
  readonly call?: number;
  /** Older than one received before it. */
  readonly older: boolean;
  readonly repeated: boolean;
}

/** A delivery that a module made for an order. */
export interface DeliveryView {
  readonly deliveryId: string;
  readonly module: string;
  readonly orderId: number;
  readonly trackNumber?: string;
  /** In the order's currency. */
  readonly cost?: number;
  readonly status?: string;
  readonly extraData: Fields;
  readonly history: readonly DeliveryStatusView[];
  readonly deleted: boolean;
  readonly createdAt: string;
}

/** What an order shows of its delivery. */
export interface OrderDeliveryView {
  /** Of the module that delivers. */
  readonly integrationCode?: string;
  /** What the customer pays for it. */
  readonly cost?: number;
  readonly address?: Fields;
  readonly data?: {
    readonly tariff?: string;
    readonly tariffName?: string;
    readonly tariffType?: string;
    readonly pickuppointId?: string;
    readonly pickuppointName?: string;
    readonly pickuppointAddress?: string;
    readonly trackNumber?: string;
    readonly status?: string;
    readonly statusText?: string;
    readonly statusDate?: string;
    readonly statusComment?: string;
  };
}

/** A line of an order; prices in its currency. */
export interface OrderItemView {
  readonly id: number;
  readonly productName: string;
  readonly initialPrice: number;
  readonly quantity: number;
  /** `id` is there for an offer of the catalogue. */
  readonly offer: { readonly id?: number; readonly externalId?: string; readonly displayName?: string };
}

/** An order: those of the API's fields that the page reads, and its deliveries. */
export interface OrderView {
  readonly id: number;
  readonly number: string;
  readonly site: string;
  readonly status: string;
  /** `Y-m-d H:i:s` in the account's zone. */
  readonly createdAt: string;
  readonly currency: string;
  readonly firstName?: string;
  readonly lastName?: string;
  readonly phone?: string;
  readonly email?: string;
  readonly shipmentStore?: string;
  /** Grams. */
  readonly weight?: number;
  readonly customerComment?: string;
  readonly totalSumm: number;
  readonly prepaySum: number;
  readonly items: readonly OrderItemView[];
  /** By their ids; an order without any has a list. */
  readonly payments: {
    readonly [id: string]: { readonly id: number; readonly type: string; readonly status: string; readonly amount: number };
  };
  readonly delivery: OrderDeliveryView;
  readonly deliveries: readonly DeliveryView[];
}

/** Orders, oldest first. */
export interface OrderList {
  readonly orders: readonly OrderView[];
  /** How many fit, whatever `limit` says. */
  readonly total: number;
}

/** An invoice and what happened to it. */
export interface InvoiceView {
  readonly id: number;
  readonly invoiceUuid: string;
  readonly orderId: number;
  /** `Y-m-d H:i:s` in the account's zone. */
  readonly createdAt: string;
  readonly status: string;
  readonly amount: number;
  readonly currency: string;
  /** The module's payment. */
  readonly externalId?: string;
  /** The buyer's page. */
  readonly link?: string;
  readonly refundable: boolean;
  readonly cancellable: boolean;
  readonly refunds: readonly Fields[];
  readonly module?: string;
  readonly shop?: string;
  /** Why `payment/check` answers no, when it was told to. */
  readonly checkRefusal?: string;
  readonly errorMsg?: string;
  /** `create`, `check`, `update`, `approve` ..., oldest first, each with `at` and what it said. */
  readonly timeline: readonly Fields[];
}

/** A call with its presses of the call button, events and upload. */
export interface CallView {
  readonly externalId?: string;
  readonly phone: string;
  /** As it was uploaded. */
  readonly call?: Fields;
  readonly timeline: readonly Fields[];
}

/** An offer with its stocks, and what orders reserved. */
export interface StockView {
  readonly id: number;
  readonly name: string;
  readonly externalId?: string;
  readonly xmlId?: string;
  readonly price?: number;
  /** In all warehouses. */
  readonly quantity?: number;
  readonly stores?: readonly { readonly store: string; readonly quantity: number; readonly purchasePrice?: number }[];
  readonly reserved: readonly { readonly order: number; readonly store: string; readonly quantity: number }[];
}

/** A chat at the message gateway. */
export interface DialogueView {
  /** Its id at the messenger. */
  readonly chat: string;
  readonly channel: number;
  /** `first_name`, `last_name`, `nickname`, `external_id`. */
  readonly customer?: Fields;
  readonly messages: readonly Fields[];
}

/** A messenger's channels and chats. */
export interface DialogueList {
  /** The message gateway's address; null without one. */
  readonly gateway: string | null;
  readonly channels: readonly Fields[];
  readonly dialogues: readonly DialogueView[];
}

/** A switch that makes the API misbehave. */
export interface FaultView {
  readonly id: number;
  readonly kind: string;
  readonly path?: string;
  readonly holding?: string;
  /** How many calls are left to spoil; without it the fault stays. */
  readonly times?: number;
  readonly share?: number;
  readonly milliseconds?: number;
  readonly retryAfter?: number;
  readonly status?: number;
  readonly errorMsg?: string;
  /** How many calls it spoiled. */
  readonly struck: number;
}

/** The faults that are on. */
export interface FaultList {
  readonly kinds: readonly string[];
  readonly faults: readonly FaultView[];
  /** Calls spoiled since the start, by kind, also of faults that are off by now. */
  readonly struck: { readonly [kind: string]: number };
}

/** A shipment: deliveries that a courier picks up together. */
export interface ShipmentView {
  readonly id: number;
  /** Code of the module's instance. */
  readonly integrationCode?: string;
  /** The module's id. */
  readonly externalId?: string;
  /** `created`, `processing`, `shipped` or `cancelled`. */
  readonly status: string;
  /** `Y-m-d`. */
  readonly date: string;
  readonly store?: string;
  readonly orders: readonly { readonly id: number; readonly number?: string }[];
  readonly extraData?: Fields;
}

/** Something that the CRM lost on purpose, without a word to the module. */
export interface LossView {
  /** ISO 8601 in UTC. */
  readonly at: string;
  readonly kind: 'delivery' | 'invoice';
  /** Id of the order. */
  readonly order: number;
  /** `status`, `trackNumber`, `cost`, `amount`, or `delivery`: all of it. */
  readonly field: string;
  readonly had: JsonValue;
  /** Missing: nothing is known. */
  readonly now?: JsonValue;
  /** What was lost is known again. */
  readonly isBack: boolean;
}

/** Lists that a form chooses from, in the API's fields. */
export interface ReferenceLists {
  readonly sites: readonly Fields[];
  readonly stores: readonly Fields[];
  readonly users: readonly Fields[];
  readonly paymentTypes: readonly Fields[];
  readonly statuses: readonly Fields[];
}

/** What the page begins with, in its document. */
export interface PageStart {
  /** The account of the address that was opened. */
  readonly account: string;
  /** Origins that the page may frame and post to. */
  readonly origins: readonly string[];
}
