import { parsePhoneNumberFromString } from 'libphonenumber-js';
import { ProviderError } from '#provider-kit';
import type { CallRequest } from '#telephony/port';
import { type AmiSession, toActionError } from './ami.client.js';
import type { AmiMessage } from './ami.message.js';
import { withSession } from './asterisk.client.js';
import { AsteriskNumbers } from './asterisk.numbers.js';
import { type AsteriskContext, type AsteriskSettings, refuseUnlessExtension } from './asterisk.settings.js';
import { CallWatch, explainRefusal } from './call-refusal.js';
import { readChannels } from './channel-list.js';

/** A phone that cannot be called says so within this time. */
const REFUSAL_MS = 1_000;
/** A ringing phone may still decline, by its settings or its user. */
const RINGING_MS = 1_500;

/**
 * Rings the manager's phone, which Asterisk joins to the customer's once it is taken. Throws ProviderError
 * `rejected`, in words for the manager, when the phone refuses at once.
 */
export async function placeCall(request: CallRequest, context: AsteriskContext): Promise<void> {
  refuseUnlessExtension(request.code);
  const watch = new CallWatch(request.reference, RINGING_MS);
  await withSession(context, { events: 'call', onEvent: (event) => watch.hear(event) }, async (session) => {
    const answer = await originate(session, request, context.settings);
    if (answer.get('Response') !== 'Success') throw toActionError(answer, 'place the call');
    const refusal = await watch.awaitRefusal(REFUSAL_MS);
    if (refusal !== undefined) throw new ProviderError('rejected', explainRefusal(refusal, request.code, context.account.language));
  }).finally(() => watch.close());
}

/** Whether the call that was placed under our reference is under way. */
export function findCall(reference: string, context: AsteriskContext): Promise<boolean> {
  return withSession(context, { events: 'off' }, (session) =>
    session.list({ Action: 'CoreShowChannels' }, (channels) =>
      readChannels(channels).some((channel) => channel.id === reference || channel.call === reference),
    ),
  );
}

async function originate(session: AmiSession, request: CallRequest, settings: AsteriskSettings): Promise<AmiMessage> {
  try {
    return await session.send({
      Action: 'Originate',
      ActionID: request.reference,
      // Of the channel and, by it, of the whole call.
      ChannelId: request.reference,
      Channel: new AsteriskNumbers(settings).getChannel(request.code),
      Context: settings.context,
      Exten: formatPhone(request.phone, settings),
      Priority: 1,
      // The name shows on the manager's phone, the number is what the customer sees.
      CallerID: `"${request.phone}" <${request.externalPhone?.replace(/^\+/, '') ?? request.code}>`,
      Timeout: settings.ringSeconds * 1000,
      Variable: [`CROSSDOCK_PHONE=${request.phone}`, `CROSSDOCK_EXTERNAL_PHONE=${request.externalPhone ?? ''}`],
      Async: 'true',
    });
  } catch (error) {
    if (!(error instanceof ProviderError) || error.kind === 'invalid') throw error;
    throw new ProviderError('unknown_outcome', 'Asterisk did not say whether it places the call.', { cause: error });
  }
}

/** A number as the dial plan wants it. */
function formatPhone(phone: string, { dialFormat, dialPrefix, country }: AsteriskSettings): string {
  const prefix = dialPrefix ?? '';
  if (!phone.startsWith('+')) return prefix + phone;
  if (dialFormat === 'plus') return prefix + phone;
  const parsed = dialFormat === 'national' ? parsePhoneNumberFromString(phone) : undefined;
  const home = parsed?.country === country ? parsed.formatNational().replace(/\D/g, '') : undefined;
  return prefix + (home ?? phone.slice(1));
}
