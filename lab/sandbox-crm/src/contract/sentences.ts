/** The contract's sentence for a violation. */
export interface Sentence {
  readonly text: string;
  /** File in `docs/contract` that contains it literally. */
  readonly page: string;
}

/** When a sentence applies: `of` matches the exchange's name, `says` the violation. */
interface Rule extends Sentence {
  readonly of?: RegExp;
  readonly says?: RegExp;
}

const STRICT = 'The CRM reads replies strictly: use exactly the documented types, no `null`, and no other fields.';
const SUCCESS =
  'A success is status 200 and `{"success": true, ...}`, unless a page specifies something else (a PDF, audio, a chat reply).';
const REFUSAL = 'with `errors` only for wrong fields, by their paths and in English';
const README = 'README.md';
const CONNECTION = 'simple-connection.md';
const DELIVERY = 'delivery.md';
const PAYMENT = 'payment.md';
const STORE = 'store.md';
const TELEPHONY = 'telephony.md';
const CHAT = 'chat.md';
const RECOMMENDATION = 'recommendation.md';

/** The first match is used. The last rule matches everything. */
const RULES: readonly Rule[] = [
  // Calls of a module that the API rejected.
  {
    of: /^delivery\.tracking$/,
    page: DELIVERY,
    text: 'They are sent with `POST /api/v5/delivery/generic/{subcode}/tracking`, `statusUpdate` as one JSON field of at most 100 deliveries, each with its `history` of `{code, updatedAt, comment}`',
  },
  {
    of: /^payments\.updateInvoice$/,
    page: PAYMENT,
    text: 'Later changes are sent with `POST /api/v5/payment/update-invoice`: `updateInvoice` as one JSON field with `invoiceUuid`, one invoice per call.',
  },
  {
    of: /^payments\.check$/,
    page: PAYMENT,
    text: 'Before it captures held money, the module calls `POST /api/v5/payment/check` (`invoiceUuid`, `amount`, `currency`) and cancels the hold if the check fails.',
  },
  { of: /^telephony\.callsUpload$/, page: TELEPHONY, text: '`POST /api/v5/telephony/calls/upload`, at most 50 calls.' },
  { of: /^telephony\.callEvent$/, page: TELEPHONY, text: '`codes` (a JSON list) and `userIds` identify the users who see the call.' },
  {
    of: /^store\.inventoriesUpload$/,
    page: STORE,
    text: 'Changes are sent with `POST /api/v5/store/inventories/upload`: at most 250 offers per call, at most 500 warehouses per offer',
  },
  { of: /^integration\./, page: CONNECTION, text: '`integrationModule` of `integration-modules/{code}/edit` is one JSON field.' },
  { of: /^notifications\./, page: 'api.md', text: '`POST /api/v5/notifications/send`: to either `userIds` or the group `superadmins`.' },
  {
    says: /^the API refused it/,
    page: 'api.md',
    text: 'A POST is a form, and a field that the contract marks `|json` is a JSON document.',
  },
  // Connecting.
  {
    of: /^config$/,
    says: /scopes|permission/,
    page: CONNECTION,
    text: 'The CRM reads the needed `scopes` and the address for the registration there.',
  },
  {
    of: /^config$/,
    says: /registerUrl/,
    page: CONNECTION,
    text: 'The CRM makes an API key with these scopes and posts it to `registerUrl`.',
  },
  { of: /^register$/, says: /accountUrl/, page: CONNECTION, text: "The user's browser then opens `accountUrl` of the reply." },
  {
    of: /^register$/,
    says: /edit/,
    page: CONNECTION,
    text: 'stores the connection, and then calls `POST /api/v5/integration-modules/{code}/edit` at `systemUrl` with the key.',
  },
  // Replies to any callback.
  { says: /content type must be application\/json|not a JSON object$|goes with "success"|go with "success"/, page: README, text: SUCCESS },
  { says: /an error must|errors must be|is not one of the contract's/, page: README, text: REFUSAL },
  { says: /is null|not a field of the contract/, page: README, text: STRICT },
  // Delivery.
  { of: /^print$/, page: DELIVERY, text: 'bytes of a PDF, `application/pdf`' },
  { says: /allowTrackNumber/, page: DELIVERY, text: '`trackNumber` counts only if the registration has `allowTrackNumber`.' },
  { of: /^(?:save|get)$/, says: /status/, page: DELIVERY, text: "The registration lists the statuses in the order of a delivery's life." },
  {
    says: /extraDataAvailable/,
    page: DELIVERY,
    text: '`extraDataAvailable`: the codes of the data fields to show for this tariff. By default all are shown.',
  },
  { says: /extraData/, page: README, text: 'a map of field code and value. An empty map may arrive as a list' },
  { of: /^(?:calculate|tariffList)$/, says: /\.type|courier tariff/, page: DELIVERY, text: '`type` is `courier` or `selfDelivery`' },
  { of: /^calculate$/, says: /cost|Term/, page: DELIVERY, text: 'A tariff without `cost` is shown and cannot be chosen.' },
  {
    of: /^(?:calculate|tariffList|save|shipmentSave|shipmentPointList|autocomplete)$/,
    says: /is required/,
    page: DELIVERY,
    text: 'A tariff has its `code`, `name` and `type`, a terminal its `code` and `name`, a saved delivery its `deliveryId`, a shipment its `shipmentId`.',
  },
  {
    says: /payerType/,
    page: DELIVERY,
    text: '`receiver`: the buyer pays the delivery service. `sender`: the shop receives the money and pays the service.',
  },
  // Payment.
  { of: /^payment status$/, says: /paidAt|expiredAt/, page: PAYMENT, text: '`paidAt` and `expiredAt` are `Y-m-d H:i:s`' },
  { of: /^payment refund$/, says: /status/, page: PAYMENT, text: 'Statuses of a refund: `pending`, `succeeded`, `canceled`.' },
  {
    of: /^payment /,
    says: /status/,
    page: PAYMENT,
    text: "Statuses of an invoice, as the vendor's own module uses them _(seen)_: `pending`, `waitingForCapture`, `succeeded`, `canceled`, and `refundSucceeded` after a full refund.",
  },
  { of: /^payment refund$/, says: /amount/, page: PAYMENT, text: '`refund` without an `amount` refunds the remaining amount.' },
  { of: /^payment /, says: /amount/, page: README, text: 'a number in major units of the `currency` next to it' },
  { of: /^payment create$/, page: PAYMENT, text: '`result`: `paymentId`, `invoiceUrl`, `cancellable`' },
  {
    of: /^payment status$/,
    page: PAYMENT,
    text: '`result`: `status`, `amount`, `cancellationDetails`, `expiredAt`, `paidAt`, `paymentId`, `invoiceUrl`, `refundable`',
  },
  { of: /^payment refund$/, page: PAYMENT, text: '`result`: `id`, `status`, `amount`, `comment`' },
  // Other exchanges.
  { of: /^store inventoriesUpload$/, page: STORE, text: '`offers`, each with `stores`: `code`, `available`, `purchasePrice`' },
  { of: /^store /, page: STORE, text: 'The CRM ignores other offers in the reply, so identify each offer as in the request.' },
  {
    of: /^telephony record$/,
    says: /audio|bytes are/,
    page: TELEPHONY,
    text: 'Formats that the CRM plays: wav, mp3, with the right `Content-Type`.',
  },
  { of: /^telephony record$/, page: TELEPHONY, text: '200, audio. 503 as text with `Retry-After` while it is not ready' },
  { of: /^telephony /, page: TELEPHONY, text: '200. Any other status is shown to the user as an error' },
  { of: /^recommendation/, page: RECOMMENDATION, text: '`ids` of the reply are texts for both values of `by`.' },
  {
    of: /^chat visits$/,
    page: CHAT,
    text: '`lastVisit`: `source`, `createdAt`, `endedAt` (now, while the visit lasts), `duration` in seconds, `pages` of `{dateTime, url, title}`.',
  },
  { of: /^chat /, page: CHAT, text: 'No envelope and no `success`. Dates are ISO 8601 with an offset.' },
  { says: /must be a date/, page: README, text: "by the type, in PHP's letters: `Y-m-d`, `Y-m-d H:i:s`, `Y-m-d\\TH:i:sP`, `H:i`" },
  { page: README, text: STRICT },
];

/** All sentences that may be quoted, for the spec that checks each one. */
export const SENTENCES: readonly Sentence[] = RULES;

/** Returns the contract's sentence that a violation breaks, by the name of its exchange. */
export function findSentence(exchange: string, violation: string): Sentence {
  const rule = RULES.find(({ of, says }) => (of?.test(exchange) ?? true) && (says?.test(violation) ?? true));
  return { text: rule?.text ?? STRICT, page: rule?.page ?? README };
}
