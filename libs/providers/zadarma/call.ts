import { textFor } from '#platform';
import { ProviderError } from '#provider-kit';
import type { CallRequest } from '#telephony/port';
import { refuseUnlessReachable } from './reach.js';
import type { ZadarmaClient } from './zadarma.client.js';
import { EXTENSION, type ZadarmaContext } from './zadarma.settings.js';
import { texts } from './zadarma.texts.js';

/** Whom Zadarma calls: a number with its country, or a SIP number of its own. */
const CALLABLE = /^(\d{5}|\d{7,15})$/;

/** `GET /v1/request/callback/`: who calls whom since when, and no id of the call. */
class WireCallback {}

/**
 * Makes the manager's phone ring; Zadarma calls the number when it is taken, from the number that the
 * extension is set up with. Sent once: a repeat would be a second call.
 */
export async function placeCall({ code, phone }: CallRequest, client: ZadarmaClient, context: ZadarmaContext): Promise<void> {
  const { language } = context.account;
  if (!EXTENSION.test(code)) throw new ProviderError('rejected', textFor(texts.noSuchExtension, language));
  const to = phone.replace(/\D/g, '');
  if (!CALLABLE.test(to)) {
    const phone = textFor(texts.notCallable, language);
    throw new ProviderError('invalid', phone, { fields: { phone } });
  }
  if (context.settings.checksPhone) await refuseUnlessReachable(code, client, context);
  // `sip` decides on the number shown, recording and statistics. It takes no extension of four digits.
  const parameters = { from: code, to, ...(code.length !== 4 && { sip: code }) };
  await client.ask({ method: 'GET', path: '/v1/request/callback/', parameters, effect: true, answer: WireCallback }, context);
}
