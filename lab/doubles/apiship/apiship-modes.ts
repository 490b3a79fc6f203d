import { type AllModes, maybe, mode, type ModeTable } from '../../../libs/testing/double/modes.js';
import { mapOf, text, whole } from '../../../libs/testing/double/wire.js';

/** Behaviour that ApiShip's pages leave open or describe in two ways, and the carriers' behaviour. */
export const MODES = {
  /** Milliseconds until a carrier has accepted or refused an order. Undefined: only when a test does it. */
  uploadAfterMs: maybe(whole(0), 100),
  /** The problem with which carriers refuse every order. Undefined: only real ones. */
  refuseWith: maybe(text()),
  /** A new order is `pending` until the carrier is called, or has no status (404 with 040018). */
  newStatus: ['pending', 'none'],
  /** Milliseconds until a new order is found by its number. */
  findLagMs: 0,
  /** Whether a canceled order is still found by its number. */
  findCancelled: ['shown', 'hidden'],
  /** An edit of an order that the carrier refused waits for `resend`, or sends it again. */
  edits: ['wait', 'resend'],
  /** Whether carriers accept changes and cancellations of orders they have. */
  changes: ['taken', 'refused'],
  /** `refused in reply`: with HTTP 200, and nothing is canceled. */
  cancels: ['taken', 'refused', 'refused in reply'],
  /** Whether carriers include requested fees in their prices, or return them separately. */
  fees: ['included', 'apart'],
  /** The JSON type that `order.providerConnectId` must have. */
  connectIds: ['either', 'string', 'number'],
  /** The type of ids in replies about statuses. Webhooks always write strings. */
  ids: ['numbers', 'strings'],
  /** Whether the header `Platform` is required. */
  platform: ['optional', 'required'],
  /** VAT of 20 % on an amount owed. The rate is 22 % since 2026. */
  oldVat: ['refused', 'taken'],
  /** Milliseconds carriers need to quote, by their keys. Those beyond the timeout are left out. */
  carrierMs: mode(mapOf(whole(0)), {} as Record<string, number>),
  /** Ids of points that do not exist added to each tariff with points, as there may be thousands. */
  morePointIds: 0,
  /** The place of the counts of a list. */
  totals: ['meta', 'top'],
  /** Points of a page at most. */
  pointsMost: 10_000,
  /** Labels are made, or no label is ready yet and the link is missing in this way. */
  labels: ['made', 'null', 'absent', 'empty'],
  /** The costs of an order that its carrier has accepted: none, the planned one, or the actual one too. */
  costs: ['none', 'planned', 'actual'],
  /** A carrier's problem with a courier's call, inside a 200. Undefined: it accepts the call. */
  courierError: maybe(text()),
  /** Whether a call with such a problem has an id. */
  courierErrorIds: ['null', 'given'],
} as const satisfies ModeTable;
export type ApiShipModes = AllModes<typeof MODES>;
