import { fillIn } from '#platform';
import { makeError, ProviderError, replaceSignal, unlessError } from '#provider-kit';
import type { Zadarma, ZadarmaMethod } from './zadarma.api.js';
import { EXTENSION, type ZadarmaContext } from './zadarma.settings.js';
import { texts } from './zadarma.texts.js';

/** Numbers that Zadarma calls: with their country, or its own SIP numbers. */
const CALLABLE = /^(\d{5}|\d{7,15})$/;
/** Longest time to find out whether a phone is on: the call itself must have its own. */
const ASK_MS = 1_200;

/**
 * Makes the manager's phone ring. Zadarma calls the number when it is taken, from the number that the
 * extension is set up with.
 */
export const placeCall: ZadarmaMethod<'call'> = async (api, { code, phone }, context) => {
  if (!EXTENSION.test(code)) throw makeError('rejected', texts.noSuchExtension);
  const to = phone.replace(/\D/g, '');
  if (!CALLABLE.test(to)) throw makeError('invalid', texts.notCallable, { fields: { phone: texts.notCallable } });
  // Zadarma takes a call that rings at no phone, and nothing happens.
  if (context.settings.checksPhone && !(await mayRing(api, code, context))) throw makeError('rejected', fillIn(texts.phoneOff, { code }));
  // `sip` decides on the number shown, recording and statistics. It takes no extension of four digits.
  await api.call(context, { query: { from: code, to, ...(code.length !== 4 && { sip: code }) } });
};

/**
 * Whether an extension's phone is on, or its calls are forwarded. Also true if Zadarma does not reply in
 * time.
 */
async function mayRing(api: Zadarma, code: string, context: ZadarmaContext): Promise<boolean> {
  const brief = replaceSignal(context, AbortSignal.any([context.signal, AbortSignal.timeout(ASK_MS)]));
  const asked = async (): Promise<boolean> =>
    (await api.phone(brief, { code })).is_online !== false ||
    (await api.forwarding(brief, { query: { pbx_number: code } })).current_status !== 'off';
  return unlessError(
    (error) => error instanceof ProviderError,
    asked(),
    () => true,
  );
}
