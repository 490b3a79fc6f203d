import type { StatusRequest } from '#telephony/port';
import { withSession } from './asterisk.client.js';
import { AsteriskNumbers } from './asterisk.numbers.js';
import { type AsteriskContext, refuseUnlessExtension } from './asterisk.settings.js';

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
