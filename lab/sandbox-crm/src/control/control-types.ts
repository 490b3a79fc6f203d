/** Replies of the control API, for the sandbox's pages, which share this file. It has only declarations. */

/** Any JSON value. */
export type JsonValue = null | boolean | number | string | JsonValue[] | { [field: string]: JsonValue | undefined };

/** Fields with the API's names. */
export interface Fields {
  [field: string]: JsonValue | undefined;
}

/** A violation of the contract with the contract's sentence. */
export interface ViolationView {
  readonly message: string;
  /** The contract's sentence. */
  readonly sentence: string;
  /** File of `docs/contract` that contains it. */
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
  /** HTTP status. 0 without a reply. */
  readonly status: number;
  readonly response: JsonValue;
  readonly milliseconds: number;
  readonly violations: readonly string[];
  /** The violations, each with the sentence of the contract. */
  readonly explained: readonly ViolationView[];
  /** Things that the contract allows but that deserve attention. */
  readonly notes: readonly string[];
  /** The fault that the sandbox played here. */
  readonly fault?: string;
}

/** The outcome of a callback. */
export interface OutcomeView {
  readonly callback: string;
  /** Whether the module succeeded, with a reply that follows the contract. */
  readonly ok: boolean;
  /** HTTP status. 0 without a reply. */
  readonly status: number;
  readonly body: JsonValue;
  readonly violations: readonly string[];
  readonly explained: readonly ViolationView[];
  /** The module's reason for a rejection. */
  readonly refusal?: string;
  /** Why there was no reply. */
  readonly failure?: string;
  readonly milliseconds: number;
  /** Number of the exchange. */
  readonly exchangeId: number;
}

/** An account of the CRM. */
export interface AccountView {
  readonly code: string;
  readonly name: string;
  /** Its base URL for modules, which also serves the screens. */
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
  /** Code of the module that it is an instance of. */
  readonly integrationCode: string;
  readonly active: boolean;
  readonly freeze: boolean;
  /** ISO 8601 in UTC. */
  readonly registeredAt: string;
  /** `Entity/Integration/IntegrationModule` as sent by the module. */
  readonly registration: Fields;
  /** Its features, one line per kind. */
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
  /** Base URL for connecting it: the address before `/config`. */
  readonly moduleUrl: string;
}

/** The modules that can be connected. `problem`: why the deployment does not list them. */
export interface Marketplace {
  readonly modules: readonly OfferedModule[];
  readonly problem?: string;
}

/** The result of connecting a module. */
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

/** One status of a delivery in the order of arrival. */
export interface DeliveryStatusView {
  readonly code: string;
  readonly updatedAt?: string;
  readonly comment?: string;
  /** ISO 8601 in UTC. */
  readonly receivedAt: string;
  /** Number of the exchange with the tracking call. */
  readonly call?: number;
  /** Older than a status received before. */
  readonly older: boolean;
  readonly repeated: boolean;
}

/** A delivery that a module created for an order. */
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

/** The delivery data of an order. */
export interface OrderDeliveryView {
  /** Code of the module that delivers. */
  readonly integrationCode?: string;
  /** The customer's price for the delivery. */
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

/** A line of an order. Prices are in its currency. */
export interface OrderItemView {
  readonly id: number;
  readonly productName: string;
  readonly initialPrice: number;
  readonly quantity: number;
  /** `id` exists for an offer of the catalogue. */
  readonly offer: { readonly id?: number; readonly externalId?: string; readonly displayName?: string };
}

/** An order: the API's fields that the page uses, and its deliveries. */
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
  readonly customer?: { readonly id: number; readonly externalId?: string };
  readonly shipmentStore?: string;
  /** In grams. */
  readonly weight?: number;
  readonly customerComment?: string;
  readonly totalSumm: number;
  readonly prepaySum: number;
  readonly items: readonly OrderItemView[];
  /** By their ids. An order without payments has a list. */
  readonly payments: {
    readonly [id: string]: { readonly id: number; readonly type: string; readonly status: string; readonly amount: number };
  };
  readonly delivery: OrderDeliveryView;
  readonly deliveries: readonly DeliveryView[];
}

/** A customer, as in the API. */
export interface CustomerView {
  readonly id: number;
  readonly externalId?: string;
  readonly firstName?: string;
  readonly lastName?: string;
  readonly email?: string;
  readonly phones?: readonly { readonly number: string }[];
}

/** Orders, oldest first. */
export interface OrderList {
  readonly orders: readonly OrderView[];
  /** Number of matching orders, regardless of `limit`. */
  readonly total: number;
}

/** An invoice with its events. */
export interface InvoiceView {
  readonly id: number;
  readonly invoiceUuid: string;
  readonly orderId: number;
  /** `Y-m-d H:i:s` in the account's zone. */
  readonly createdAt: string;
  readonly status: string;
  readonly amount: number;
  readonly currency: string;
  /** The module's id of the payment. */
  readonly externalId?: string;
  /** URL of the buyer's page. */
  readonly link?: string;
  readonly refundable: boolean;
  readonly cancellable: boolean;
  readonly refunds: readonly Fields[];
  readonly module?: string;
  readonly shop?: string;
  /** Why `payment/check` replies no, if it was set to. */
  readonly checkRefusal?: string;
  readonly errorMsg?: string;
  /** `create`, `check`, `update`, `approve` ..., oldest first, each with `at` and its content. */
  readonly timeline: readonly Fields[];
}

/** A call with its presses of the call button, events and upload. */
export interface CallView {
  readonly externalId?: string;
  readonly phone: string;
  /** The uploaded call. */
  readonly call?: Fields;
  readonly timeline: readonly Fields[];
}

/** An offer with its stocks and the orders' reservations. */
export interface StockView {
  readonly id: number;
  readonly name: string;
  readonly externalId?: string;
  readonly xmlId?: string;
  readonly price?: number;
  /** The sum of all warehouses. */
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
  /** The message gateway's address. Null without one. */
  readonly gateway: string | null;
  readonly channels: readonly Fields[];
  readonly dialogues: readonly DialogueView[];
}

/** A switch that makes the API fail. */
export interface FaultView {
  readonly id: number;
  readonly kind: string;
  /** Path pattern, `*` for any text. Default: all calls. */
  readonly path?: string;
  /** Only calls whose decoded query or body contains this text, such as an id in quotes to reject one row. */
  readonly holding?: string;
  /** Number of calls that it still affects. Without it the fault stays. */
  readonly times?: number;
  /** Share of the calls, 0 to 1. Default: 1. */
  readonly share?: number;
  /** For `slow`: the delay in milliseconds. */
  readonly milliseconds?: number;
  /** For `429`, `503` and `error-before`: seconds in `Retry-After`. */
  readonly retryAfter?: number;
  /** For `error-before`: HTTP status. Default: 500. */
  readonly status?: number;
  /** For `error-before`: message of the reply. */
  readonly errorMsg?: string;
  /** Number of calls that it affected. */
  readonly struck: number;
}

/** The faults that are on. */
export interface FaultList {
  readonly kinds: readonly string[];
  readonly faults: readonly FaultView[];
  /** Affected calls since the start, by kind, including faults that are off. */
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

/** Data that the CRM lost on purpose, without notifying the module. */
export interface LossView {
  /** ISO 8601 in UTC. */
  readonly at: string;
  readonly kind: 'delivery' | 'invoice';
  /** Id of the order. */
  readonly order: number;
  /** `status`, `trackNumber`, `cost`, `amount`, or `delivery` for all its data. */
  readonly field: string;
  readonly had: JsonValue;
  /** Missing if there is no value. */
  readonly now?: JsonValue;
  /** Whether the module restored it. */
  readonly isBack: boolean;
}

/** Lists that a form chooses from, with the API's fields. */
export interface ReferenceLists {
  readonly sites: readonly Fields[];
  readonly stores: readonly Fields[];
  readonly users: readonly Fields[];
  readonly paymentTypes: readonly Fields[];
  readonly statuses: readonly Fields[];
}

/** Data that the sandbox writes into the page for its start. */
export interface PageStart {
  /** Code of the account whose URL was opened. */
  readonly account: string;
  /** Origins that the page may frame and submit forms to. */
  readonly origins: readonly string[];
}
