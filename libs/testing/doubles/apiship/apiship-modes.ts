/**
 * How the double behaves. Many modes stand for what the service's pages leave open or say in two ways: a
 * client has to work with each.
 */
export interface ApiShipModes {
  /** Milliseconds until a carrier has taken or refused an order (100); undefined: when a test says. */
  uploadAfterMs: number | undefined;
  /** What carriers refuse every order with; undefined: only what is wrong with it. */
  refuseWith: string | undefined;
  /** Whose fault such a refusal is: 100 ApiShip's, 200 the carrier's, 300 the data's. */
  refusalCode: 100 | 200 | 300;
  /** What a new order's status is until the carrier is asked: `pending`, or none (404 with 040018). */
  newStatus: 'pending' | 'none';
  /** Milliseconds until a new order is found by its number. */
  findLagMs: number;
  /** Whether a cancelled order is still found by its number. */
  findCancelled: 'shown' | 'hidden';
  /** The code that a number which is taken is refused with. */
  duplicateCode: '040000' | '040002';
  /** What an edit of an order that the carrier refused does: sends it again, or waits for `resend`. */
  edits: 'wait' | 'resend';
  /** Whether carriers take changes of orders they have. */
  changes: 'taken' | 'refused';
  /** Whether carriers take cancellations. */
  cancels: 'taken' | 'refused';
  /** Whether a prepaid order may tell what its delivery costs the buyer, outside of `codCost`. */
  prepaidDelivery: 'taken' | 'refused';
  /** Which JSON type `order.providerConnectId` must have. */
  connectIds: 'either' | 'string' | 'number';
  /** Types of ids in replies about statuses; webhooks always write strings. */
  ids: 'numbers' | 'strings';
  /** Whether webhooks carry an `eventType`. */
  eventType: boolean;
  /** The property of a login's reply. */
  loginReply: 'token' | 'accessToken';
  /** Seconds a login's token is good for; undefined: for ever. */
  tokenSeconds: number | undefined;
  /** What a login's token gets after that: 401 with 040101, or 403 with 040304. */
  expiredToken: '040101' | '040304';
  /** Whether the header `Platform` must be there. */
  platform: 'optional' | 'required';
  /** VAT of 20 % on an amount owed; the rate is 22 % since 2026. */
  oldVat: 'refused' | 'taken';
  /** Milliseconds carriers take to quote, by their keys; slower ones than the timeout are left out. */
  carrierMs: Readonly<Record<string, number>>;
  /** Ids of points that do not exist added to each point tariff, as there may be thousands. */
  morePointIds: number;
  /** Where lists say how many there are. */
  totals: 'meta' | 'top';
  /** Points of a page when nothing is said, and at most. */
  pointsByDefault: number;
  pointsMost: number;
  /** Days that changes of statuses may be asked back for. */
  sinceDays: number;
  /** Statuses of a page of an interval at most. */
  intervalMost: number;
  /** Orders in one request for labels or acts at most. */
  documentsMost: number;
  /** Milliseconds until the labels of an uploaded order are ready. */
  labelsAfterMs: number;
  /** What stands for the link when no label is ready. */
  noLabels: 'null' | 'absent' | 'empty';
  /** Seconds a link to a file is good for; undefined: for ever. */
  fileSeconds: number | undefined;
  /** What a carrier says to a courier's call, inside a 200; undefined: it takes it. */
  courierError: string | undefined;
  /** Milliseconds from a change to its webhook, and how often each is posted. 0 and 1 at first. */
  webhookDelayMs: number;
  webhookCopies: number;
  /** Milliseconds every call takes. 0 at first. */
  latencyMs: number;
  /** Calls a second of an account before it answers 429; undefined: no limit. */
  callsPerSecond: number | undefined;
}

export const FIRST_MODES: ApiShipModes = {
  uploadAfterMs: 100,
  refuseWith: undefined,
  refusalCode: 200,
  newStatus: 'pending',
  findLagMs: 0,
  findCancelled: 'shown',
  duplicateCode: '040002',
  edits: 'wait',
  changes: 'taken',
  cancels: 'taken',
  prepaidDelivery: 'taken',
  connectIds: 'either',
  ids: 'numbers',
  eventType: false,
  loginReply: 'token',
  tokenSeconds: undefined,
  expiredToken: '040101',
  platform: 'optional',
  oldVat: 'refused',
  carrierMs: {},
  morePointIds: 0,
  totals: 'meta',
  pointsByDefault: 20,
  pointsMost: 10_000,
  sinceDays: 3,
  intervalMost: 100,
  documentsMost: 100,
  labelsAfterMs: 0,
  noLabels: 'null',
  fileSeconds: undefined,
  courierError: undefined,
  webhookDelayMs: 0,
  webhookCopies: 1,
  latencyMs: 0,
  callsPerSecond: undefined,
};
