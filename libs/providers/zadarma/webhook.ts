import { sha256Hex } from '#platform';
import { cutText, readWebhookForm, type WebhookReply, type WebhookRequest } from '#provider-kit';
import type { CallEvent, Identify, TelephonyWebhook } from '#telephony/port';
import { correctStart, getZone, readTime } from './account-clock.js';
import { BEGINNING, CALL_ID, FIELDS, type Notice } from './notice.js';
import { noteTrouble } from './trouble.js';
import type { ZadarmaContext, ZadarmaSettings } from './zadarma.settings.js';
import { isSigned } from './zadarma.signature.js';

const DAY_MS = 86_400_000;
const LONGEST_FIELD = 200;
/** Extensions that a caller can be put through to. */
const REACHABLE = /^\d{3}$/;
/** Characters of a name that a phone's display may get. */
const LONGEST_NAME = 60;

const INCOMING = ['caller_id', 'called_did', 'call_start'];
const OUTGOING = ['internal', 'destination', 'call_start'];
/** The signed fields of each notice, joined without a separator. Anyone could change the others. */
const SIGNED: ReadonlyMap<string, readonly string[]> = new Map([
  ...['NOTIFY_START', 'NOTIFY_INTERNAL', 'NOTIFY_END', 'NOTIFY_IVR'].map((event) => [event, INCOMING] as const),
  ...['NOTIFY_OUT_START', 'NOTIFY_OUT_END'].map((event) => [event, OUTGOING] as const),
  ['NOTIFY_ANSWER', ['caller_id', 'destination', 'call_start']],
  ['NOTIFY_RECORD', ['pbx_call_id', 'call_id_with_rec']],
]);

/** Notices with facts about a call. */
const TELLING: ReadonlySet<string> = new Set([
  ...['NOTIFY_START', 'NOTIFY_INTERNAL', 'NOTIFY_ANSWER', 'NOTIFY_END', 'NOTIFY_OUT_START', 'NOTIFY_OUT_END'],
]);
/** An empty reply: Zadarma reads a reply only if it may steer a call. */
const EMPTY: WebhookReply = { status: 200, body: '' };

/** Zadarma's notices: forms, signed over a few of their fields. */
export class ZadarmaWebhook implements TelephonyWebhook<ZadarmaSettings> {
  handshake(request: WebhookRequest): string | undefined {
    return request.query.get('zd_echo') ?? readWebhookForm(request).get('zd_echo') ?? undefined;
  }

  verify(request: WebhookRequest, context: ZadarmaContext): boolean {
    const { secret = '' } = context.settings;
    const signature = request.headers['signature'] ?? '';
    const fields = readWebhookForm(request);
    const event = fields.get('event') ?? '';
    // An empty secret would let anyone sign.
    if (secret === '' || signature === '') return false;
    const names = SIGNED.get(event);
    // Zadarma sends more notices than it documents. They are not read.
    if (!names) return /^[A-Z][A-Z\d_]{2,60}$/.test(event);
    if (!isSigned(secret, names.map((name) => fields.get(name) ?? '').join(''), signature)) return false;
    if (!names.includes('call_start')) return true;
    // Nothing else distinguishes a notice from a copy that someone else sends again.
    const start = readTime(fields.get('call_start') ?? '', getZone(context));
    return start !== undefined && Math.abs(context.now.getTime() - start.getTime()) < DAY_MS;
  }

  parse(request: WebhookRequest, context: ZadarmaContext): CallEvent[] {
    const notice = readNotice(readWebhookForm(request));
    const { event = '', pbx_call_id: call = '' } = notice;
    if (!TELLING.has(event) || !CALL_ID.test(call)) return [];
    const told = readTime(notice.call_start, getZone(context));
    const start = told && BEGINNING.has(event) ? correctStart(told, context.now) : told;
    const { internal, call_start, destination, disposition, call_id_with_rec } = notice;
    return [
      {
        id: sha256Hex([event, call, internal, call_start, destination, disposition, call_id_with_rec].join('\n')),
        ...{ call, data: { ...notice, ...(start && { startedAt: start.toISOString() }) } satisfies Notice },
      },
    ];
  }

  /** Connects a caller to their manager, and shows their name, according to the settings. */
  async reply(events: readonly CallEvent[], context: ZadarmaContext, identify: Identify): Promise<WebhookReply> {
    const notice = (events[0]?.data ?? {}) as Notice;
    const { event, caller_id: phone } = notice;
    const { routing, returnSeconds, showsName } = context.settings;
    await noteTrouble(notice, context);
    const isAsked = event === 'NOTIFY_START' && /\d/.test(phone ?? '') && (routing !== 'none' || showsName);
    if (!isAsked || phone === undefined) return EMPTY;
    const caller = await identify(phone, { details: showsName, ignoreStatus: routing === 'any' });
    const name = showsName ? cutText((caller?.customer?.name ?? '').replace(/\s+/g, ' ').trim(), LONGEST_NAME) : '';
    const body = {
      ...(routing !== 'none' && REACHABLE.test(caller?.code ?? '') && { redirect: caller?.code, return_timeout: returnSeconds }),
      ...(name !== '' && { caller_name: name }),
    };
    return Object.keys(body).length > 0 ? { status: 200, body } : EMPTY;
  }
}

function readNotice(form: URLSearchParams): Notice {
  return Object.fromEntries(
    FIELDS.flatMap((name) => {
      const text = form.get(name)?.replaceAll('\0', '').slice(0, LONGEST_FIELD);
      return text ? [[name, text]] : [];
    }),
  );
}
