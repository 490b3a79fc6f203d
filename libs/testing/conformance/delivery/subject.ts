import type {
  Address,
  CalculateRequest,
  DeliveryProvider,
  ExistingDelivery,
  ExistingShipment,
  SaveRequest,
  ShipmentRequest,
} from '#delivery/port';
import type { Money, ProviderContext, WebhookRequest } from '#provider-kit';
import type { ServiceFaults } from '../lost-calls.js';
import type { ExpectedFailure, ProviderSamples, ConformanceOptions } from '../provider/index.js';
import type { ServiceContents, ServiceFigures } from './figures.js';
import type { UntidyOrders } from './untidy-orders.js';

/** Methods a provider may lack. */
export type OptionalDeliveryMethod = Exclude<keyof DeliveryProvider, 'manifest' | 'calculate' | 'save'>;
/** Facts that the suite needs before it runs. */
export type DeliveryConformanceOptions<S extends object> = ConformanceOptions<OptionalDeliveryMethod, DeliverySubject<S>>;
/** A delivery with customs papers. */
export interface CustomsSample {
  /** An address abroad. */
  to: Address;
  /** The papers of the last order: value, number and weight of all pieces. */
  declared(): CustomsPapers | Promise<CustomsPapers>;
}
export interface CustomsPapers extends ServiceContents {
  value: Money;
}
/** Figures by call. A save may answer no price. */
export interface ExpectedFigures {
  readonly quote?: ServiceFigures;
  readonly save?: Partial<ServiceFigures>;
  /** Minor units that the settings add to a price for cash on delivery. */
  readonly codFee?: (cod: Money) => number;
  /** The weight of all parcels of the last shipment. */
  readonly shipment?: Partial<Pick<ServiceFigures, 'weightGrams' | 'step'>>;
  /**
   * Number of points, on more than one page if the service has pages: `accepting` in `listPickupPoints`
   * without a filter, `pickup` in the tariffs of `quote`.
   */
  readonly points?: { readonly accepting?: number; readonly pickup?: number };
}
/** The provider under test and samples that fit it. */
export interface DeliverySubject<S extends object> {
  provider: DeliveryProvider<S>;
  /** Valid settings; `now` is the true time when there are signed webhooks. */
  context: ProviderContext<S>;
  /** For check, connect and lookUp. */
  samples?: ProviderSamples<S>;
  /** A question that has an answer, with its currency. */
  quote: CalculateRequest;
  /** A request from or to a place that the provider does not serve. */
  unserved: CalculateRequest;
  /** A request that can be registered: `order` makes it another order's. */
  save(reference: string, order: string): SaveRequest;
  /** The same with an allowed change, best to the recipient. Without it, every change must be rejected. */
  edit?(request: SaveRequest): SaveRequest;
  /** Needed with `saveShipment`. */
  shipment?(reference: string, deliveries: ExistingDelivery[]): ShipmentRequest;
  /** Whether several accounts may use one contract. Our references are unique in one account only. */
  readonly mayShareContract?: boolean;
  /** Waits until the provider has finished its work (asynchronous registration). */
  settle?(): Promise<void>;
  /** Our status for the provider's (`x.statuses.ts`); needed unless the recovery is `local`. */
  statusOf?(code: string): string;
  /** All codes of the service. By `statusOf` they, and `reach`, must lead to every status of the manifest. */
  readonly serviceCodes?: readonly string[];
  /** Codes that mean no status, such as `unknown`. */
  readonly undecidedCodes?: readonly string[];
  /** The codes of the service that end a delivery without an alarm, such as delivered and returned. */
  readonly successCodes?: readonly string[];
  /** Plays a status that no single code leads to at the service, by its code. Returns our status then. */
  readonly reach?: Readonly<Record<string, (delivery: ExistingDelivery) => Promise<string>>>;
  /** Loses calls at the service. Without it the suite does not prove that nothing is done twice. */
  readonly faults?: ServiceFaults;
  /**
   * Figures of `quote` and of the last new delivery (`save`), or the same for both. Without them units and
   * currencies are not proved.
   */
  readonly expected?: ServiceFigures | ExpectedFigures;
  /**
   * Runs `work`, which cancels the delivery. The service refuses, as it does for a parcel on its way: by its
   * status, or (`isInReply`) in a reply with HTTP 200, if it has such replies.
   */
  whileCancelRefused?<T>(work: () => Promise<T>, delivery: ExistingDelivery, isInReply: boolean): Promise<T>;
  /** The same for a shipment. */
  whileShipmentCancelRefused?<T>(work: () => Promise<T>, shipment: ExistingShipment, isInReply: boolean): Promise<T>;
  /** The number of effects of presses about a delivery at the service. Needed with `press`. */
  pressed?(delivery: ExistingDelivery): number | Promise<number>;
  /** The day of the last decision `deliver` about a delivery at the service. */
  decided?(delivery: ExistingDelivery): string | undefined | Promise<string | undefined>;
  /**
   * The number of the buyer's document of the last new delivery at the service. Needed with
   * `manifest.recipientDocument`.
   */
  document?(): string | undefined | Promise<string | undefined>;
  /** Goods sent abroad; `none`: the provider declares nothing to customs. */
  readonly customs?: CustomsSample | 'none';
  /** At least wrong credentials and an outage, unless the recovery is `local`. */
  failures?: readonly ExpectedFailure<S>[];
  /** Needed with `webhook`. */
  webhook?: {
    /** A genuine webhook about the delivery, as it arrives. */
    make(delivery: ExistingDelivery): Promise<WebhookRequest>;
    /** Are its bytes signed? */
    signed: boolean;
    /** Is its time signed too? */
    dated: boolean;
  };
  /** Runs `work`, which prints the delivery with others, while the service fails to make its label. */
  whilePrintFails?<T>(work: () => Promise<T>, delivery: ExistingDelivery): Promise<T>;
  /** A printed page must contain one of these texts. By default track number, provider's id or reference. */
  marks?(delivery: ExistingDelivery): string[];
  /** Plays how deliveries end. Without it, reports about money and returned parcels are not proved. */
  readonly outcomes?: DeliveryOutcomes;
  /** The service takes the last status of a delivery back. Missing if it never does. */
  takeBack?(delivery: ExistingDelivery): void | Promise<void>;
  /** Runs `work` while the service checks nothing that it accepts. Needed for `create-and-wait`. */
  whileUnchecked?<T>(work: () => Promise<T>): Promise<T>;
  /** Needed for `print-job`. */
  readonly printJobs?: PrintJobs;
  /** Plays untidy orders. Without it, only the samples are played. */
  untidy?: UntidyOrders<S>;
  close?(): Promise<void>;
}

/** Plays how deliveries end at the service. Each part only if the provider reports it. */
export interface DeliveryOutcomes {
  /** The buyer takes all and pays. Returns what the service took. */
  handOver?(delivery: ExistingDelivery): Money | Promise<Money>;
  /** The buyer takes one unit of the first item. The rest comes back. */
  takeOne?(delivery: ExistingDelivery): void | Promise<void>;
  /** The parcel that comes back has arrived at the shop. */
  bringBack?(delivery: ExistingDelivery): void | Promise<void>;
  /** The service pays out what it took for a delivery that was handed over. Returns the day, `YYYY-MM-DD`. */
  payOut?(delivery: ExistingDelivery): string | Promise<string>;
}

/** How a service makes documents by jobs. */
export interface PrintJobs {
  /** Runs `work`. Jobs that it starts are ready afterwards, not before. */
  hold<T>(work: () => Promise<T>): Promise<T>;
  /** Returns how many jobs calls have started so far. */
  started(): number | Promise<number>;
}
