import { sha256Hex, equalInConstantTime } from '#platform';
import { readWebhookForm, type WebhookReply, type WebhookRequest } from '#provider-kit';
import type { CallEvent, Identify, TelephonyWebhook } from '#telephony/port';
import { sign } from './fake-pbx.api.js';
import type { FakePbxContext, FakePbxSettings } from './fake-pbx.settings.js';
import { readStart } from './track.js';

const DAY_MS = 86_400_000;

/** A recording is ready: its call has ended before, or will, and the end contains its link. */
const RECORD = 'NOTIFY_RECORD';

const INCOMING = ['caller_id', 'called_did', 'call_start'];
const OUTGOING = ['internal', 'destination', 'call_start'];
/** The signed fields of each notice. Other notices are not trusted. */
const SIGNED: Readonly<Record<string, readonly string[]>> = {
  ...{ NOTIFY_START: INCOMING, NOTIFY_INTERNAL: INCOMING, NOTIFY_END: INCOMING },
  ...{ NOTIFY_OUT_START: OUTGOING, NOTIFY_OUT_END: OUTGOING, NOTIFY_ANSWER: ['caller_id', 'destination', 'call_start'] },
  NOTIFY_RECORD: ['pbx_call_id', 'call_id_with_rec'],
};

type Fields = Readonly<Record<string, string>>;

/** The PBX's notices: forms, signed over a few of their fields. */
export class FakePbxWebhook implements TelephonyWebhook<FakePbxSettings> {
  handshake({ method, query }: WebhookRequest): string | undefined {
    return method === 'GET' ? (query.get('zd_echo') ?? undefined) : undefined;
  }

  verify(request: WebhookRequest, { settings, now }: FakePbxContext): boolean {
    const fields = readForm(request);
    const names = SIGNED[fields['event'] ?? ''];
    // An empty secret would let anyone sign.
    if (!names || settings.secret === '') return false;
    const signature = sign(settings.secret, names.map((name) => fields[name] ?? '').join(''));
    if (!equalInConstantTime(request.headers['signature'] ?? '', signature)) return false;
    if (fields['event'] === RECORD) return true;
    // Nothing else distinguishes a notice from a copy that someone else sends again.
    const start = readStart(fields['call_start'], settings.zone);
    return start !== undefined && Math.abs(now.getTime() - start.getTime()) < DAY_MS;
  }

  parse(request: WebhookRequest): CallEvent[] {
    const fields = readForm(request);
    const { event = '', pbx_call_id: call = '', internal = '', call_start = '', disposition = '' } = fields;
    if (event === RECORD || !/^(in|out)_\w{1,100}$/.test(call)) return [];
    return [{ id: sha256Hex([event, call, internal, call_start, disposition].join('\n')), call, data: fields }];
  }

  /** Shows the caller's name, and connects them to their manager. */
  async reply(events: readonly CallEvent[], { settings }: FakePbxContext, identify: Identify): Promise<WebhookReply | undefined> {
    const { event, caller_id: phone } = (events[0]?.data ?? {}) as Fields;
    if (!settings.routes || event !== 'NOTIFY_START' || !phone) return { status: 200, body: '' };
    const caller = await identify(phone, { details: true, ignoreStatus: settings.routesToBusy });
    const body = {
      ...(caller?.code !== undefined && { redirect: caller.code, return_timeout: 0 }),
      ...(caller?.customer?.name !== undefined && { caller_name: caller.customer.name }),
    };
    return { status: 200, body: Object.keys(body).length > 0 ? body : '' };
  }
}

function readForm(request: WebhookRequest): Fields {
  return Object.fromEntries(readWebhookForm(request));
}
