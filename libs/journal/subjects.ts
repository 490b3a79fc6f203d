import { mayBeDocument } from './mask/mask-value.js';

/** Kinds of subjects. */
export type SubjectKind = 'order' | 'delivery' | 'shipment' | 'payment' | 'call' | 'offer' | 'dialogue';

/** Fields of the CRM's bodies, and of our replies, that contain a subject. */
const FIELDS: ReadonlyMap<string, SubjectKind> = new Map(
  Object.entries({
    order: 'order',
    orderId: 'order',
    orderNumber: 'order',
    deliveryId: 'delivery',
    deliveryIds: 'delivery',
    shipmentId: 'shipment',
    invoiceUuid: 'payment',
    paymentId: 'payment',
    callExternalId: 'call',
    callId: 'call',
    dialogId: 'dialogue',
    externalChatId: 'dialogue',
    external_chat_id: 'dialogue',
    ids: 'offer',
    externalIds: 'offer',
    offers: 'offer',
    offer: 'offer',
  } as const),
);
/** Members of an object in such a field that contain its id. */
const IDS = ['id', 'externalId', 'number'];
/** Fields with an order's goods, which are not subjects of the exchange. */
const SKIPPED: ReadonlySet<string> = new Set(['packages', 'items', 'customer', 'manager', 'item']);
const MOST = 50;
const MOST_OF_KIND = 20;
const DEEPEST = 8;
const LONGEST_ID = 100;

/** Returns a subject's text. */
export function toSubject(kind: SubjectKind, id: string | number): string {
  return `${kind}:${id}`;
}

/** Kinds of operations and of rows of the outbox and inbox, by their beginning. */
const BY_KIND: readonly (readonly [string, SubjectKind])[] = [
  ['delivery.save', 'order'],
  ['delivery.', 'delivery'],
  ['shipment.', 'shipment'],
  ['payment.', 'payment'],
  ['telephony.', 'call'],
  ['store.stock', 'offer'],
  ['store.reserve', 'order'],
  ['store.writeOff', 'order'],
  ['store.takeBack', 'order'],
  ['chat.ack', 'dialogue'],
  ['chat.in', 'dialogue'],
];

/** Returns the subjects of an operation, or of a row of the outbox, by its kind and its own subject. */
export function listSubjectsOf(kind: string, subject: string): string[] {
  const [, named] = BY_KIND.find(([begin]) => kind.startsWith(begin)) ?? [];
  return named ? [toSubject(named, subject)] : [];
}

/** The subjects of some work. They are read from the request's fields on first use. */
export class Subjects {
  private readonly known = new Set<string>();

  constructor(private read?: () => unknown) {}

  add(...subjects: readonly string[]): void {
    for (const subject of subjects) if (this.known.size < MOST) this.known.add(subject);
  }

  list(): string[] {
    const { read } = this;
    this.read = undefined;
    if (read) collectSubjects(read(), (subject) => this.add(subject));
    return [...this.known];
  }
}

/**
 * Finds the subjects of a body of the CRM or of our reply. Parses texts that contain a JSON document.
 */
export function collectSubjects(body: unknown, add: (subject: string) => void): void {
  const counts = new Map<SubjectKind, number>();
  const note = (kind: SubjectKind, id: unknown): void => {
    if ((typeof id !== 'string' && typeof id !== 'number') || id === '' || String(id).length > LONGEST_ID) return;
    const count = (counts.get(kind) ?? 0) + 1;
    counts.set(kind, count);
    if (count <= MOST_OF_KIND) add(toSubject(kind, id));
  };
  const walk = (value: unknown, kind: SubjectKind | undefined, depth: number): void => {
    if (depth > DEEPEST) return;
    if (typeof value === 'string' && mayBeDocument(value)) return walk(parse(value), kind, depth + 1);
    if (typeof value !== 'object' || value === null) {
      if (kind) note(kind, value);
      return;
    }
    if (Array.isArray(value)) {
      for (const one of value) walk(one, kind, depth + 1);
      return;
    }
    const fields = value as Record<string, unknown>;
    if (kind) for (const name of IDS) note(kind, fields[name]);
    for (const name of Object.keys(fields)) if (!SKIPPED.has(name)) walk(fields[name], FIELDS.get(name), depth + 1);
  };
  walk(body, undefined, 0);
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
