import { createHash, randomUUID } from 'node:crypto';
import type { Socket } from 'node:net';
import type { Reach } from '#platform';
import { fillIn, type LocalText } from '#platform';
import { cleanText, makeError, noteWire, ProviderError, quoteReasons, sayAway, sayNotThere } from '#provider-kit';
import { type AmiFields, type AmiMessage, AmiParser, encodeAction } from './ami.message.js';
import { texts } from './asterisk.texts.js';

/** The address of a manager interface, and its user. */
export interface AmiAddress {
  host: string;
  port: number;
  username: string;
  secret: string;
  /** The limits for the host's address. */
  reach: Reach;
}

/** How a session is opened. Milliseconds. */
export interface AmiOptions {
  /** Which events it receives: `on`, `off`, or classes (`call`). */
  events: string;
  onEvent?: (event: AmiMessage, session: AmiSession) => void;
  signal?: AbortSignal;
  connectTimeoutMs?: number;
  actionTimeoutMs?: number;
  /** Maximum number of events in one list. Beyond it the session ends. */
  mostListed?: number;
}

interface Waiting {
  settle(answer: AmiMessage | ProviderError): void;
  list?: EventList | undefined;
  /** The answer that announces the list. */
  first?: AmiMessage;
}

/** Events that reply to an action: the ones so far, and the callback once all have arrived. */
interface EventList {
  readonly events: AmiMessage[];
  complete(): void;
}

const CONNECT_MS = 4_000;
const ACTION_MS = 5_000;
/** Actions that wait for an answer, and events of one answer: more is not a PBX. */
const MOST_ACTIONS = 1_000;
const MOST_LISTED = 20_000;
const BANNER = /^Asterisk Call Manager\//;

/** A logged-in session with a manager interface, over TCP. `ActionID` identifies replies. */
export class AmiSession {
  private readonly parser = new AmiParser();
  private readonly waiting = new Map<string, Waiting>();
  private readonly actionTimeoutMs: number;
  private readonly mostListed: number;
  private readonly onEvent: AmiOptions['onEvent'];
  /** Makes our `ActionID`s unique: events that answer other sessions' actions come here too. */
  private readonly name = randomUUID();
  private counter = 0;
  private ended: ProviderError | undefined;
  private bannerCame: ((banner: string) => void) | undefined;
  /** Resolved, with the reason, when the session has ended. */
  readonly closed: Promise<ProviderError>;
  private closeNow!: (reason: ProviderError) => void;

  private constructor(
    private readonly socket: Socket,
    options: AmiOptions,
  ) {
    this.actionTimeoutMs = options.actionTimeoutMs ?? ACTION_MS;
    this.mostListed = options.mostListed ?? MOST_LISTED;
    this.onEvent = options.onEvent;
    this.closed = new Promise((resolve) => (this.closeNow = resolve));
    socket.setNoDelay(true);
    socket.setKeepAlive(true, 30_000);
    socket.on('data', (chunk) => this.read(chunk));
    socket.on('error', (error) => this.end(makeUnavailableError('broke the connection', error)));
    socket.on('close', () => this.end(makeUnavailableError('closed the connection')));
  }

  /**
   * Connects and logs in, without sending the secret if Asterisk issues a challenge.
   * @throws ProviderError `auth` when name, secret or our address are rejected (Asterisk does not report
   * which)
   * @throws ProviderError `unavailable` when there is no reply, it is not Asterisk, or it may not be reached
   */
  static async open(address: AmiAddress, options: AmiOptions): Promise<AmiSession> {
    if (options.signal?.aborted) throw makeUnavailableError('was not called: the caller gave up');
    noteWire();
    const session = new AmiSession(await connect(address, options), options);
    const abort = (): void => session.end(makeUnavailableError('did not answer in time'));
    options.signal?.addEventListener('abort', abort, { once: true });
    try {
      await session.awaitBanner(options.connectTimeoutMs ?? CONNECT_MS).catch((cause: unknown) => {
        throw makeUnreachableError(cause);
      });
      const answer = await session.logIn(address, options.events);
      if (answer.get('Response') !== 'Success') throw makeLoginError(answer.get('Message'));
      return session;
    } catch (error) {
      const reason = error instanceof ProviderError ? error : makeUnavailableError('cannot be spoken to', error);
      session.end(reason);
      throw reason;
    } finally {
      options.signal?.removeEventListener('abort', abort);
    }
  }

  /**
   * Performs an action, with a new `ActionID` unless given, and returns its answer, success or not.
   * @throws ProviderError `invalid` for a value with a line break, `unavailable` when there is no answer
   */
  send(fields: AmiFields): Promise<AmiMessage> {
    return this.ask(fields, undefined);
  }

  /** As `send`. Throws ProviderError `auth` for a right missing in manager.conf, `rejected` if refused. */
  async act(fields: AmiFields): Promise<void> {
    const answer = await this.send(fields);
    if (answer.get('Response') !== 'Success') throw toActionError(answer, fields);
  }

  /**
   * Performs an action answered by a list of events; `read` maps the list once complete, before the next
   * event.
   * @throws ProviderError as `act`
   */
  async list<Result>(fields: AmiFields, read: (events: AmiMessage[]) => Result): Promise<Result> {
    const events: AmiMessage[] = [];
    let result: { value: Result } | undefined;
    const complete = (): void => {
      result = { value: read(events) };
    };
    const answer = await this.ask(fields, { events, complete });
    if (!result) throw toActionError(answer, fields);
    return result.value;
  }

  /** Logs off and ends. */
  async close(): Promise<void> {
    if (!this.ended) this.socket.end(encodeAction({ Action: 'Logoff' }));
    this.end(makeUnavailableError('was left'));
    await this.closed;
  }

  /** Sends the secret itself only if this Asterisk rejects the request for a challenge. */
  private async logIn({ username, secret }: AmiAddress, events: string): Promise<AmiMessage> {
    const offer = await this.send({ Action: 'Challenge', AuthType: 'MD5' });
    const challenge = offer.get('Response') === 'Success' ? offer.get('Challenge') : undefined;
    const proof =
      challenge === undefined
        ? { Secret: secret }
        : {
            AuthType: 'MD5',
            Key: createHash('md5')
              .update(challenge + secret)
              .digest('hex'),
          };
    return this.send({ Action: 'Login', Username: username, ...proof, Events: events });
  }

  private ask(fields: AmiFields, list: EventList | undefined): Promise<AmiMessage> {
    noteWire();
    const given = fields['ActionID'];
    const id = typeof given === 'string' ? given : `${this.name}-${++this.counter}`;
    let text: string;
    try {
      text = encodeAction({ ActionID: id, ...fields });
    } catch (error) {
      return Promise.reject(makeError('invalid', texts.lineBreak, { cause: error }));
    }
    if (this.ended) return Promise.reject(this.ended);
    if (this.waiting.size >= MOST_ACTIONS)
      return Promise.reject(makeUnavailableError('was not asked: too many questions wait for an answer'));
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => settle(makeUnavailableError('did not answer in time')), this.actionTimeoutMs);
      const settle = (answer: AmiMessage | ProviderError): void => {
        clearTimeout(timer);
        this.waiting.delete(id);
        if (answer instanceof ProviderError) reject(answer);
        else resolve(answer);
      };
      this.waiting.set(id, { settle, list });
      this.socket.write(text);
    });
  }

  private awaitBanner(timeoutMs: number): Promise<void> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => reject(makeUnreachableError()), timeoutMs);
      void this.closed.then((reason) => {
        clearTimeout(timer);
        reject(reason);
      });
      this.bannerCame = (banner) => {
        clearTimeout(timer);
        if (BANNER.test(banner)) resolve();
        else reject(makeUnreachableError());
      };
    });
  }

  private read(chunk: Buffer): void {
    if (this.ended) return;
    try {
      const { banner, messages } = this.parser.push(chunk);
      if (banner !== undefined) this.bannerCame?.(banner);
      for (const message of messages) this.dispatch(message);
    } catch (error) {
      this.end(makeUnavailableError('sends what cannot be read', error));
    }
  }

  private dispatch(message: AmiMessage): void {
    const waiting = this.waiting.get(message.get('ActionID') ?? '');
    if (message.has('Response') && !message.has('Event')) {
      if (!waiting) return;
      if (waiting.list && message.get('Response') === 'Success') waiting.first = message;
      else waiting.settle(message);
      return;
    }
    if (waiting?.list && waiting.first) {
      // Old versions only show it by the name of the last event.
      if (message.get('EventList')?.toLowerCase() === 'complete' || message.get('Event')?.endsWith('Complete')) {
        waiting.list.complete();
        waiting.settle(waiting.first);
      } else if (waiting.list.events.push(message) > this.mostListed) this.end(makeUnavailableError('lists more than can be kept'));
      return;
    }
    this.onEvent?.(message, this);
  }

  private end(reason: ProviderError): void {
    if (this.ended) return;
    this.ended = reason;
    for (const waiting of [...this.waiting.values()]) waiting.settle(reason);
    // Written bytes are still sent. Nothing more is read.
    this.socket.destroySoon();
    this.closeNow(reason);
  }
}

function connect(address: AmiAddress, options: AmiOptions): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = address.reach.connect(address.host, address.port);
    const fail = (reason: ProviderError): void => {
      clearTimeout(timer);
      options.signal?.removeEventListener('abort', abort);
      socket.destroy();
      reject(reason);
    };
    const timer = setTimeout(() => fail(makeUnreachableError()), options.connectTimeoutMs ?? CONNECT_MS);
    const abort = (): void => fail(makeUnreachableError());
    options.signal?.addEventListener('abort', abort, { once: true });
    const onError = (error: Error): void => fail(makeUnreachableError(error));
    socket.once('error', onError);
    socket.once('connect', () => {
      clearTimeout(timer);
      options.signal?.removeEventListener('abort', abort);
      socket.off('error', onError);
      resolve(socket);
    });
  });
}

function toActionError(answer: AmiMessage, fields: AmiFields): ProviderError {
  const action = String(fields['Action']);
  const message = answer.get('Message')?.slice(0, 200);
  if (/permission/i.test(message ?? '')) return makeError('auth', fillIn(texts.noRight, { action }));
  const reason: LocalText | string = quoteReasons([message]) ?? texts.noReason;
  return makeError('rejected', fillIn(texts.refused, { action, reason }));
}

/** The same words for a wrong secret and for an address that manager.conf does not permit. */
function makeLoginError(message = ''): ProviderError {
  return makeError('auth', texts.login, { cause: new Error(cleanText(message).slice(0, 100)) });
}

/** The same text for a refused, filtered or other address: failures must not describe a network. */
function makeUnreachableError(cause?: unknown): ProviderError {
  const what = 'cannot be reached: check host and port, and that its manager interface answers there';
  return makeUnavailableError(what, cause, sayNotThere('Asterisk'));
}

function makeUnavailableError(what: string, cause?: unknown, localText = sayAway('Asterisk')): ProviderError {
  return new ProviderError('unavailable', `Asterisk ${what}.`, { localText, ...(cause !== undefined && { cause }) });
}
