/** A reply as specs of doubles read it. */
export interface Reply {
  status: number;
  headers: Headers;
  text: string;
  /** Undefined if the body is not JSON. */
  // A test reads any expected member.
  // oxlint-disable-next-line typescript/no-explicit-any
  json: any;
}

/** Sends a request. An object or list is sent as JSON. Redirects are not followed. */
export async function ask(method: string, url: string, body?: unknown, headers: Readonly<Record<string, string>> = {}): Promise<Reply> {
  const isSentAsIs = typeof body !== 'object' || [URLSearchParams, Uint8Array, FormData].some((kind) => body instanceof kind);
  const reply = await fetch(url, {
    ...{ method, redirect: 'manual', headers: { ...(!isSentAsIs && { 'content-type': 'application/json' }), ...headers } },
    ...(body !== undefined && {
      body: isSentAsIs ? (body as string | URLSearchParams | FormData | Uint8Array<ArrayBuffer>) : JSON.stringify(body),
    }),
  });
  const text = await reply.text();
  return { status: reply.status, headers: reply.headers, text, json: readJson(text) };
}

function readJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
