import { makeError } from '#provider-kit';
import { type AmiAddress, type AmiOptions, AmiSession } from './ami.client.js';
import type { AsteriskContext } from './asterisk.settings.js';
import { texts } from './asterisk.texts.js';

/** Does work in its own session, which ends with it, or with the caller's time. */
export async function withSession<Result>(
  context: AsteriskContext,
  options: Pick<AmiOptions, 'events' | 'onEvent'>,
  work: (session: AmiSession) => Promise<Result>,
): Promise<Result> {
  const session = await AmiSession.open(getAddress(context), { ...options, signal: context.signal });
  // The session's end settles whatever waits in it.
  const leave = (): void => void session.close();
  context.signal.addEventListener('abort', leave, { once: true });
  try {
    return await work(session);
  } finally {
    context.signal.removeEventListener('abort', leave);
    await session.close();
  }
}

/** The address of a connection's PBX. Throws ProviderError `rejected` when the settings lack it. */
export function getAddress({ settings, reach }: AsteriskContext): AmiAddress {
  const { host, port, username, secret } = settings;
  if (!host) throw makeError('rejected', texts.noHost);
  return { host, port, username, secret: secret ?? '', reach };
}
