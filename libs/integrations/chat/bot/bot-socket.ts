import type { IncomingMessage } from 'node:http';
import { isIP } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { type ClientOptions, type RawData, WebSocket } from 'ws';
import { errorText } from '#platform';
import { ProviderError } from '#provider-kit';
import type { BotAccess } from './bot-client.js';

/** Events that a bot listens to: new messages, and changes such as a failed delivery. */
const EVENTS = 'message_new,message_updated';
const HANDSHAKE_MS = 15_000;
/** Milliseconds between two pings, and without a sign of life after which the socket is dead. */
const [PING_MS, DEAD_MS] = [30_000, 90_000];
const MOST_BYTES = 4 * 1024 * 1024;

/** An open socket to the message gateway's events. */
export interface BotSocket {
  /** Resolves with the reason once it is closed. Never rejects. */
  readonly closed: Promise<string>;
  close(): void;
}

/**
 * Opens a socket to a bot's events. `onEvent` gets each event's JSON and must not throw. It is the library
 * `ws`, because undici's WebSocket neither shows the status of a refused upgrade nor reports pongs. It
 * connects as all clients do: private addresses are refused (`Reach`).
 * @throws ProviderError `auth` if the gateway rejects the token, otherwise `unavailable`
 */
export function openSocket(
  access: Pick<BotAccess, 'endpointUrl' | 'token' | 'reach'>,
  onEvent: (event: unknown) => void,
  signal: AbortSignal,
): Promise<BotSocket> {
  // A later abort closes the socket.
  if (signal.aborted) return Promise.reject(new ProviderError('unavailable', 'The connection is no longer wanted'));
  const { endpointUrl, token, reach } = access;
  const url = new URL(`${endpointUrl.replace(/\/+$/, '')}/api/bot/v1/ws?events=${EVENTS}`);
  url.protocol = url.protocol === 'http:' ? 'ws:' : 'wss:';
  const port = Number(url.port || (url.protocol === 'wss:' ? 443 : 80));
  const options = {
    ...{ headers: { 'x-bot-token': token }, handshakeTimeout: HANDSHAKE_MS, maxPayload: MOST_BYTES, followRedirects: false },
    createConnection: (_options: unknown, onRefused: (error: Error) => void) => {
      const plain = reach.connect(url.hostname, port);
      // A refused address is an error before anything listens to it.
      if (plain.destroyed) return void plain.once('error', onRefused);
      if (url.protocol === 'ws:') return plain;
      const secure = connectTls({ socket: plain, servername: isIP(url.hostname) ? '' : url.hostname });
      plain.on('error', (error) => secure.destroy(error));
      return secure;
    },
  };
  const socket = new WebSocket(url, options as unknown as ClientOptions);
  const closed = new Promise<string>((resolve) => {
    socket.on('close', (code) => resolve(`The message gateway closed the connection (${code})`));
  });
  const close = (): void => socket.terminate();
  signal.addEventListener('abort', close, { once: true });
  void closed.then(() => signal.removeEventListener('abort', close));
  return new Promise((resolve, reject) => {
    socket.on('unexpected-response', (request, response: IncomingMessage) => {
      const { statusCode = 0 } = response;
      request.destroy();
      reject(
        statusCode === 401 || statusCode === 403
          ? new ProviderError('auth', `The message gateway rejected the bot's token (${statusCode})`)
          : new ProviderError('unavailable', `The message gateway did not open the connection (${statusCode})`),
      );
    });
    // After the opening, `close` follows.
    socket.on('error', (error) => reject(new ProviderError('unavailable', `The message gateway cannot be reached: ${errorText(error)}`)));
    socket.on('close', () => reject(new ProviderError('unavailable', 'The message gateway closed the connection')));
    socket.on('open', () => {
      watch(socket);
      resolve({ closed, close });
    });
    socket.on('message', (data) => onEvent(parse(data)));
  });
}

/** Pings, and ends a socket without any sign of life. */
function watch(socket: WebSocket): void {
  let seenAt = performance.now();
  const see = (): void => void (seenAt = performance.now());
  for (const event of ['message', 'ping', 'pong']) socket.on(event, see);
  const timer = setInterval(() => {
    if (performance.now() - seenAt >= DEAD_MS) socket.terminate();
    else socket.ping();
  }, PING_MS);
  socket.on('close', () => clearInterval(timer));
}

/** Undefined if it is not JSON. */
function parse(data: RawData): unknown {
  try {
    return JSON.parse((data as Buffer).toString('utf8'));
  } catch {
    return undefined;
  }
}
