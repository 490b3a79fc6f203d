import { createHmac } from 'node:crypto';
import { sign } from '../fake-pbx/pbx-signatures.js';

/** The form of a notice, all of text. */
export type ZadarmaNotice = Readonly<Record<string, string>>;

/** How a digest is written. */
export type SignatureForm = 'hex' | 'raw';

const START_FIELDS = ['caller_id', 'called_did', 'call_start'];

/** Which fields of a notice are signed, joined without a separator. The others can be forged. */
const SIGNED: Readonly<Record<string, readonly string[]>> = {
  ...{ NOTIFY_START: START_FIELDS, NOTIFY_INTERNAL: START_FIELDS, NOTIFY_END: START_FIELDS, NOTIFY_IVR: START_FIELDS },
  NOTIFY_INTERNAL_END: START_FIELDS,
  NOTIFY_ANSWER: ['caller_id', 'destination', 'call_start'],
  NOTIFY_OUT_START: ['internal', 'destination', 'call_start'],
  NOTIFY_OUT_END: ['internal', 'destination', 'call_start'],
  NOTIFY_RECORD: ['pbx_call_id', 'call_id_with_rec'],
};

/** The `Signature` of a notice. `names` are the signed fields, by default its event's. */
export function signZadarmaNotice(
  secret: string,
  notice: ZadarmaNotice,
  form: SignatureForm = 'hex',
  names: readonly string[] = SIGNED[notice['event'] ?? ''] ?? START_FIELDS,
): string {
  const text = names.map((name) => notice[name] ?? '').join('');
  return form === 'hex' ? sign(secret, text) : createHmac('sha1', secret).update(text).digest('base64');
}
