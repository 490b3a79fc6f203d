import { parsePhoneNumberFromString } from 'libphonenumber-js';
import { makeError, ProviderError, sayLost } from '#provider-kit';
import type { CallRequest, StatusRequest } from '#telephony/port';
import type { AmiSession } from './ami.client.js';
import { withSession } from './asterisk.client.js';
import { AsteriskNumbers } from './asterisk.numbers.js';
import { type AsteriskContext, type AsteriskSettings, refuseUnlessExtension } from './asterisk.settings.js';
import { CallWatch, explainRefusal } from './call-refusal.js';
import { readChannels } from './channel-list.js';

/** A phone that cannot be called reports it within this time. */
const REFUSAL_MS = 1_000;
/** A ringing phone may still decline, by its settings or its user. */
const RINGING_MS = 1_500;

/**
 * Rings the manager's phone, which Asterisk joins to the customer's once it is taken. Throws ProviderError
 * `rejected`, in words for the manager, when the phone refuses immediately.
 */
export async function placeCall(request: CallRequest, context: AsteriskContext): Promise<void> {
  refuseUnlessExtension(request.code);
  const watch = new CallWatch(request.reference, RINGING_MS);
  await withSession(context, { events: 'call', onEvent: (event) => watch.hear(event) }, async (session) => {
    await originate(session, request, context.settings);
    const refusal = await watch.awaitRefusal(REFUSAL_MS);
    if (refusal !== undefined) throw makeError('rejected', explainRefusal(refusal, request.code));
  }).finally(() => watch.close());
}

/** Whether the call that was placed under our reference is in progress. */
export function findCall(reference: string, context: AsteriskContext): Promise<boolean> {
  return withSession(context, { events: 'off' }, (session) =>
    session.list({ Action: 'CoreShowChannels' }, (channels) =>
      readChannels(channels).some((channel) => channel.id === reference || channel.call === reference),
    ),
  );
}

async function originate(session: AmiSession, request: CallRequest, settings: AsteriskSettings): Promise<void> {
  try {
    await session.act({
      Action: 'Originate',
      ActionID: request.reference,
      // Id of the channel and, through it, of the whole call.
      ChannelId: request.reference,
      Channel: new AsteriskNumbers(settings).getChannel(request.code),
      Context: settings.context,
      Exten: formatPhone(request.phone, settings),
      Priority: 1,
      // The manager's phone shows the name, the customer sees the number.
      CallerID: `"${request.phone}" <${request.externalPhone?.replace(/^\+/, '') ?? request.code}>`,
      Timeout: settings.ringSeconds * 1000,
      Variable: [`CROSSDOCK_PHONE=${request.phone}`, `CROSSDOCK_EXTERNAL_PHONE=${request.externalPhone ?? ''}`],
      Async: 'true',
    });
  } catch (error) {
    // No answer to an action that was sent.
    if (!(error instanceof ProviderError) || error.kind !== 'unavailable') throw error;
    throw makeError('unknown_outcome', sayLost('Asterisk'), { cause: error });
  }
}

/** Formats a number for the dial plan. */
function formatPhone(phone: string, { dialFormat, dialPrefix, country }: AsteriskSettings): string {
  const prefix = dialPrefix ?? '';
  if (!phone.startsWith('+')) return prefix + phone;
  if (dialFormat === 'plus') return prefix + phone;
  const parsed = dialFormat === 'national' ? parsePhoneNumberFromString(phone) : undefined;
  const home = parsed?.country === country ? parsed.formatNational().replace(/\D/g, '') : undefined;
  return prefix + (home ?? phone.slice(1));
}

/** Family of the Asterisk database that holds the managers' statuses. */
const FAMILY = 'crossdock';

/**
 * Writes a manager's status for the dial plan (`${DB(crossdock/status-101)}`); pauses the phone unless free.
 */
export async function setUserStatus({ code, status }: StatusRequest, context: AsteriskContext): Promise<void> {
  refuseUnlessExtension(code);
  const phone = new AsteriskNumbers(context.settings).getChannel(code);
  await withSession(context, { events: 'off' }, async (session) => {
    await session.act({ Action: 'DBPut', Family: FAMILY, Key: `status-${code}`, Val: status });
    // A phone that is in no queue is refused here, which does not matter.
    await session.send({ Action: 'QueuePause', Interface: phone, Paused: status === 'free' ? 'false' : 'true', Reason: status });
  });
}
