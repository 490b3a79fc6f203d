import { setTimeout as sleep } from 'node:timers/promises';

const PATIENCE_MS = 60_000;

/** An HTTP answer, read to its end. */
export interface Reply {
  readonly status: number;
  readonly headers: Headers;
  readonly bytes: Buffer;
  /** The body as JSON, for a cast to the expected type. Throws if it is not JSON. */
  readonly json: never;
}

/** Reads an answer to its end. */
export async function readReply(response: Response): Promise<Reply> {
  const bytes = Buffer.from(await response.arrayBuffer());
  return {
    status: response.status,
    headers: response.headers,
    bytes,
    get json(): never {
      return JSON.parse(bytes.toString('utf8')) as never;
    },
  };
}

/** Repeats a request while the api has too much to do and returns 503, as its sender would. */
export async function repeatWhileBusy(send: () => Promise<Reply>): Promise<Reply> {
  const started = Date.now();
  for (;;) {
    const reply = await send();
    if (reply.status !== 503 || Date.now() - started > PATIENCE_MS) return reply;
    await sleep(1_000);
  }
}
