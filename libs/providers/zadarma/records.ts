import { IsArray, IsOptional, IsString } from 'class-validator';
import { textFor } from '#platform';
import { type HttpStream, ProviderError } from '#provider-kit';
import type { RecordFile } from '#telephony/port';
import { isRefusal, type ZadarmaClient } from './zadarma.client.js';
import type { ZadarmaContext } from './zadarma.settings.js';
import { TEXTS } from './zadarma.texts.js';

/** A recording is ready within a minute of its call's end; it is believed to come for so long. */
const READY_MS = 600_000;
const AGAIN_MS = 30_000;
/**
 * Seconds that Zadarma's address of a recording works, and that it is used: players ask for it piece by
 * piece.
 */
const LIFETIME_S = 1_800;
const USED_S = 1_500;

/** `GET /v1/pbx/record/request/` */
class WireRecord {
  @IsOptional() @IsString() link?: string;
  @IsOptional() @IsArray() @IsString({ each: true }) links?: string[];
}

/** Writes what a recording is found by: its own id, else its call's, and when the call ended. */
export function nameRecord(ids: { record?: string | undefined; call: string }, endedAt: Date): string {
  const own = /^[\w.]{1,100}$/.test(ids.record ?? '') ? `call/${ids.record}` : `pbx/${ids.call}`;
  return `${own}@${Math.floor(endedAt.getTime() / 1000)}.mp3`;
}

/**
 * Finds a recording. Zadarma does not tell one that is not ready from one that is gone, so the call's age
 * must. Throws ProviderError.
 */
export async function findRecord(reference: string, client: ZadarmaClient, context: ZadarmaContext): Promise<RecordFile | undefined> {
  const [, place, id = '', ended = ''] = /^(call|pbx)\/([\w.]{1,110})@(\d{1,12})\.mp3$/.exec(reference) ?? [];
  if (place === undefined) return undefined;
  const found = await openFirst(place === 'call' ? 'call_id' : 'pbx_call_id', id, client, context);
  if (!found) {
    if (context.now.getTime() - Number(ended) * 1000 >= READY_MS) return undefined;
    throw new ProviderError('unavailable', textFor(TEXTS.recordNotReady, context.account.language), { retryAfterMs: AGAIN_MS });
  }
  const { link, size } = found;
  return {
    ...{ type: 'audio/mpeg', name: `${id}.mp3` },
    ...(size !== undefined && { size }),
    open: async (range) => {
      const { status, body } = await client.open(link, range, context);
      if (status < 400) return body;
      throw new ProviderError('unavailable', textFor(TEXTS.recordNotReady, context.account.language), { retryAfterMs: AGAIN_MS });
    },
  };
}

/** Looks at the first byte, which tells the length; undefined when there is no recording, or not yet. */
async function openFirst(
  name: 'call_id' | 'pbx_call_id',
  id: string,
  client: ZadarmaClient,
  context: ZadarmaContext,
): Promise<{ link: string; size: number | undefined } | undefined> {
  const key = `record/${name}/${id}`;
  let asked: readonly string[];
  try {
    asked = await context.cache.fetch(key, { ttlSeconds: USED_S, secret: true }, () => readLinks(name, id, client, context));
  } catch (error) {
    if (isRefusal(error)) return undefined;
    throw error;
  }
  const [link] = asked;
  // The service may ignore the range: what it sends of the file is given up then.
  const first: HttpStream | undefined =
    link === undefined ? undefined : await client.open(link, { start: 0, end: 0 }, context, context.signal);
  first?.body.destroy();
  if (link !== undefined && first && first.status < 400) return { link, size: first.size };
  await context.cache.forget(key);
  return undefined;
}

/** Zadarma's addresses of a recording; of a call that was put through to others there may be several. */
async function readLinks(
  name: 'call_id' | 'pbx_call_id',
  id: string,
  client: ZadarmaClient,
  context: ZadarmaContext,
): Promise<readonly string[]> {
  const parameters = { [name]: id, lifetime: String(LIFETIME_S) };
  const { link, links = [] } = await client.ask(
    { method: 'GET', path: '/v1/pbx/record/request/', parameters, effect: false, answer: WireRecord },
    context,
  );
  const told = link === undefined ? links : [link];
  // What is refused here is not kept: the next time there may be another.
  for (const one of told) client.refuseUnlessOwn(one, context);
  return told;
}
