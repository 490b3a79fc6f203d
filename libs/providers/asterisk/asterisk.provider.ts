import { parsePhoneNumberFromString } from 'libphonenumber-js';
import { type ProviderContext, ProviderError } from '#provider-kit';
import type {
  CallListener,
  CallRequest,
  Closeable,
  RecordFile,
  StatusRequest,
  TelephonyManifest,
  TelephonyProvider,
} from '#telephony/port';
import { type AmiAddress, type AmiOptions, AmiSession, refusalOf } from './ami.client.js';
import type { AmiMessage } from './ami.message.js';
import { asteriskManifest } from './asterisk.manifest.js';
import { AsteriskNumbers } from './asterisk.numbers.js';
import { type AsteriskSettings, EXTENSION } from './asterisk.settings.js';
import { AsteriskListener } from './call-listener.js';
import { CallWatch, wordsOf } from './call-refusal.js';
import { listedChannelsOf } from './channel-list.js';
import { Recordings } from './recordings.js';

/** A phone that cannot be called says so at once; longer than this is not waited for its word. */
const REFUSAL_MS = 1_000;
/** A phone that rings may still be set to decline, or be declined at once by whoever sits there. */
const RINGING_MS = 1_500;
/** Family of the Asterisk database that holds the managers' statuses. */
const FAMILY = 'crossdock';

/** An Asterisk, through its manager interface: one event connection to listen, short connections of their own for all else. */
export class AsteriskProvider implements TelephonyProvider<AsteriskSettings> {
  readonly manifest: TelephonyManifest<AsteriskSettings>;

  /** `recordingsRoot`: the operator's folder, beneath which each connection's settings name one of its own; without it recordings come from web servers only. */
  constructor(private readonly recordingsRoot?: string) {
    this.manifest = asteriskManifest(recordingsRoot);
  }

  /** Rings the manager's phone, which Asterisk joins to the customer's once it is taken. */
  async call(request: CallRequest, context: ProviderContext<AsteriskSettings>): Promise<void> {
    const { settings } = context;
    refuseUnlessExtension(request.code);
    const watch = new CallWatch(request.reference, RINGING_MS);
    await this.briefly(context, { events: 'call', onEvent: (event) => watch.hear(event) }, async (session) => {
      let answer: AmiMessage;
      try {
        answer = await session.send({
          Action: 'Originate',
          ActionID: request.reference,
          // Of the channel and, by it, of the whole call.
          ChannelId: request.reference,
          Channel: new AsteriskNumbers(settings).channelOf(request.code),
          Context: settings.context,
          Exten: dialled(request.phone, settings),
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
      if (answer.get('Response') !== 'Success') throw refusalOf(answer, 'place the call');
      const refusal = await watch.within(REFUSAL_MS);
      if (refusal !== undefined) throw new ProviderError('rejected', wordsOf(refusal, request.code, context.account.language));
    });
  }

  async findCall(reference: string, context: ProviderContext<AsteriskSettings>): Promise<boolean> {
    return this.briefly(context, { events: 'off' }, (session) =>
      session.list({ Action: 'CoreShowChannels' }, (channels) =>
        listedChannelsOf(channels).some((channel) => channel.id === reference || channel.call === reference),
      ),
    );
  }

  /** Puts the status where the dial plan reads it (`${DB(crossdock/status-101)}`), and pauses the phone in its queues unless the manager is free. */
  async setUserStatus({ code, status }: StatusRequest, context: ProviderContext<AsteriskSettings>): Promise<void> {
    refuseUnlessExtension(code);
    const numbers = new AsteriskNumbers(context.settings);
    await this.briefly(context, { events: 'off' }, async (session) => {
      const kept = await session.send({ Action: 'DBPut', Family: FAMILY, Key: `status-${code}`, Val: status });
      if (kept.get('Response') !== 'Success') throw refusalOf(kept, 'keep the status');
      // A phone that is in no queue is refused here, and that is well.
      await session.send({
        Action: 'QueuePause',
        Interface: numbers.channelOf(code),
        Paused: status === 'free' ? 'false' : 'true',
        Reason: status,
      });
    });
  }

  listen(context: ProviderContext<AsteriskSettings>, listener: CallListener): Promise<Closeable> {
    return Promise.resolve(new AsteriskListener(context.settings, addressOf(context), listener, this.recordingsOf(context)));
  }

  findRecord(reference: string, context: ProviderContext<AsteriskSettings>): Promise<RecordFile | undefined> {
    return this.recordingsOf(context).find(reference, context.signal);
  }

  private recordingsOf({ settings, reach }: ProviderContext<AsteriskSettings>): Recordings {
    return new Recordings(settings, this.recordingsRoot, reach);
  }

  private async briefly<Result>(
    context: ProviderContext<AsteriskSettings>,
    options: Pick<AmiOptions, 'events' | 'onEvent'>,
    work: (session: AmiSession) => Promise<Result>,
  ): Promise<Result> {
    const session = await AmiSession.open(addressOf(context), { ...options, signal: context.signal });
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
}

/** A code becomes part of a channel's name: `101@other-trunk` would call somebody else. Throws ProviderError `rejected`. */
function refuseUnlessExtension(code: string): void {
  if (!EXTENSION.test(code))
    throw new ProviderError('rejected', 'The code is no extension: it may hold up to 40 letters, digits and * # + . _ -');
}

function addressOf({ settings, reach }: ProviderContext<AsteriskSettings>): AmiAddress {
  const { host, port, username, secret } = settings;
  if (!host) throw new ProviderError('rejected', 'The module does not know its PBX yet: fill in its settings.');
  return { host, port, username, secret: secret ?? '', reach };
}

/** A number as the dial plan wants it. */
function dialled(phone: string, { dialFormat, dialPrefix, country }: AsteriskSettings): string {
  const prefix = dialPrefix ?? '';
  if (!phone.startsWith('+')) return prefix + phone;
  if (dialFormat === 'plus') return prefix + phone;
  const parsed = dialFormat === 'national' ? parsePhoneNumberFromString(phone) : undefined;
  const home = parsed?.country === country ? parsed.formatNational().replace(/\D/g, '') : undefined;
  return prefix + (home ?? phone.slice(1));
}
