/** An HTTP answer, read to its end. */
export interface Reply {
  readonly status: number;
  readonly headers: Headers;
  readonly bytes: Buffer;
  /** The body as JSON, to be cast to what is expected; throws when it is none. */
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
