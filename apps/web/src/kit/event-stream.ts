/** One event of a stream. */
export interface StreamEvent {
  /** The event's name. `message` if the server does not send one. */
  readonly name: string;
  readonly data: string;
}

/** Reads the events of a `text/event-stream` body until it ends. */
export async function* readEvents(body: ReadableStream<Uint8Array>): AsyncGenerator<StreamEvent> {
  const reader = body.pipeThrough(new TextDecoderStream() as ReadableWritablePair<string, Uint8Array>).getReader();
  let rest = '';
  try {
    for (;;) {
      const { value, done } = await reader.read();
      if (done) return;
      const blocks = (rest + value).replace(/\r\n?/g, '\n').split('\n\n');
      rest = blocks.pop() ?? '';
      for (const block of blocks) {
        const event = parseEvent(block);
        if (event) yield event;
      }
    }
  } finally {
    await reader.cancel().catch(() => undefined);
  }
}

function parseEvent(block: string): StreamEvent | undefined {
  let name = 'message';
  const data: string[] = [];
  for (const line of block.split('\n')) {
    const [, field, value = ''] = /^([^:]+):? ?(.*)$/.exec(line) ?? [];
    if (field === 'event') name = value;
    if (field === 'data') data.push(value);
  }
  return data.length > 0 ? { name, data: data.join('\n') } : undefined;
}

/** Milliseconds to wait before a stream that ended is opened again. */
const PAUSES = [1_000, 2_000, 5_000, 15_000, 30_000];

/** Options for following a stream. */
export interface FollowOptions {
  /** Opens the stream by `fetch`, with the authorization. */
  open(signal: AbortSignal): Promise<Response>;
  onEvent(event: StreamEvent): void;
  /** Receives whether events currently arrive. */
  onState?(isOpen: boolean): void;
}

/**
 * Follows a stream of events. Opens it again when the connection breaks, until the server rejects it for
 * good (401, 403, 404) or the signal aborts it.
 */
export async function followEvents({ open, onEvent, onState }: FollowOptions, signal: AbortSignal): Promise<void> {
  for (let failures = 0; !signal.aborted;) {
    const reply = await open(signal).catch(() => undefined);
    if (reply && [401, 403, 404].includes(reply.status)) return;
    if (reply?.ok && reply.body) {
      failures = 0;
      onState?.(true);
      try {
        for await (const event of readEvents(reply.body)) onEvent(event);
      } catch {
        // The connection broke. The stream is opened again.
      }
      onState?.(false);
    }
    const pause = PAUSES[Math.min(failures++, PAUSES.length - 1)];
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, pause);
      signal.addEventListener('abort', () => (clearTimeout(timer), resolve()), { once: true });
    });
  }
}

/**
 * Follows a stream of events while the page is visible. Browsers allow few connections to a host, so
 * hidden pages must not hold one each. Returns a function that stops it.
 */
export function followWhileSeen(options: FollowOptions): () => void {
  let following: AbortController | undefined;
  const follow = (): void => {
    following?.abort();
    if (document.hidden) return;
    following = new AbortController();
    void followEvents(options, following.signal);
  };
  follow();
  document.addEventListener('visibilitychange', follow);
  return () => {
    document.removeEventListener('visibilitychange', follow);
    following?.abort();
  };
}
