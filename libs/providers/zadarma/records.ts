import { Readable } from 'node:stream';
import { type ByteRange, makeError, type ProviderError } from '#provider-kit';
import type { Zadarma, ZadarmaMethod } from './zadarma.api.js';
import type { ZadarmaContext } from './zadarma.settings.js';
import { texts } from './zadarma.texts.js';

/** A recording is ready within a minute of its call's end. Until this time it may still come. */
const READY_MS = 600_000;
const AGAIN_MS = 30_000;
/**
 * Seconds that Zadarma's address of a recording works, and that it is used: players request it piece by
 * piece.
 */
const LIFETIME_S = 1_800;
const USED_S = 1_500;
/** Recordings of one call that are played. */
const MOST_PARTS = 20;

/** A recording of a call: one for each phone that had it. */
interface Part {
  link: string;
  /** Bytes, if the service returns the size. */
  size: number | undefined;
}

/** Writes a reference to a call's recordings: the call, the id of one of them if it is known, its end. */
export function nameRecord(ids: { record?: string | undefined; call: string }, endedAt: Date): string {
  const last = /^[\w.]{1,100}$/.test(ids.record ?? '') ? `/${ids.record}` : '';
  return `pbx/${ids.call}${last}@${Math.floor(endedAt.getTime() / 1000)}.mp3`;
}

/**
 * Finds the recordings of a call, as one: they are played one after the other. Zadarma does not distinguish a
 * recording that is not ready from a deleted one, so the call's age must. Throws ProviderError.
 */
export const findRecord: ZadarmaMethod<'findRecord'> = async (api, reference, context) => {
  // Earlier versions stored one recording (`call/`).
  const [, place, id = '', last, ended = ''] = /^(call|pbx)\/([\w.]{1,110})(?:\/([\w.]{1,100}))?@(\d{1,12})\.mp3$/.exec(reference) ?? [];
  if (place === undefined) return undefined;
  const wanted = { [place === 'call' ? 'call_id' : 'pbx_call_id']: id };
  const mayCome = context.now.getTime() - Number(ended) * 1000 < READY_MS;
  const parts = await findParts(api, wanted, mayCome ? last : undefined, context);
  if (parts.length === 0) {
    if (!mayCome) return undefined;
    throw makeNotReady();
  }
  const sizes = parts.map(({ size }) => size);
  const size = sizes.reduce((sum, one) => (sum === undefined || one === undefined ? undefined : sum + one), 0);
  return {
    ...{ type: 'audio/mpeg', name: `${id}.mp3` },
    ...(size !== undefined && { size }),
    open: (range) => openParts(api, parts, range, context),
  };
};

/** Looks for the existing recordings. None while the required one is missing. */
async function findParts(
  api: Zadarma,
  wanted: Readonly<Record<string, string>>,
  last: string | undefined,
  context: ZadarmaContext,
): Promise<Part[]> {
  const key = `record/${Object.entries(wanted).join()}`;
  const links = await api.unlessRefused(
    context.cache.fetch(key, { ttlSeconds: USED_S, secret: true }, () => readLinks(api, wanted, context)),
  );
  if (!links) return [];
  const parts: Part[] = [];
  for (const link of links) {
    // The first byte's reply has the length. A service that ignores the range sends more, which is dropped.
    const first = await api.open(link, context, { range: { start: 0, end: 0 } });
    first.body.destroy();
    if (first.status < 400) parts.push({ link, size: first.size });
  }
  // The name of the file holds the recording's id.
  const isWhole = parts.length === links.length && (last === undefined || links.some((link) => readFileName(link).includes(last)));
  if (!isWhole) await context.cache.forget(key);
  return isWhole || last === undefined ? parts : [];
}

/** Opens the recordings one after the other, or the part of each that is in the range. */
async function openParts(api: Zadarma, parts: readonly Part[], range: ByteRange | undefined, context: ZadarmaContext): Promise<Readable> {
  let before = 0;
  const wanted: { link: string; range: ByteRange | undefined }[] = [];
  for (const { link, size = 0 } of parts) {
    const [start, end] = range ? [Math.max(range.start - before, 0), Math.min(range.end - before, size - 1)] : [0, size - 1];
    if (!range || start <= end) wanted.push({ link, range: range && { start, end } });
    before += size;
  }
  const open = async ({ link, range: ofPart }: (typeof wanted)[number]): Promise<Readable> => {
    const { status, body } = await api.open(link, context, { signal: null, ...(ofPart && { range: ofPart }) });
    if (status >= 400) throw makeNotReady();
    return body;
  };
  const [first, ...rest] = wanted;
  if (!first) return Readable.from([]);
  // Opened before the reply starts, so that a failure is reported instead of a broken recording.
  const begun = await open(first);
  if (rest.length === 0) return begun;
  async function* join(): AsyncGenerator<Buffer, void> {
    yield* begun as AsyncIterable<Buffer>;
    for (const part of rest) yield* (await open(part)) as AsyncIterable<Buffer>;
  }
  // Its reader may come later, or give up before the first byte.
  begun.on('error', () => undefined);
  return Readable.from(join(), { objectMode: false }).once('close', () => begun.destroy());
}

/** Zadarma's addresses of a call's recordings, in the order in which they were made. */
async function readLinks(api: Zadarma, wanted: Readonly<Record<string, string>>, context: ZadarmaContext): Promise<readonly string[]> {
  const { link, links = [] } = await api.record(context, { query: { ...wanted, lifetime: LIFETIME_S } });
  const told = link === undefined ? links : [link];
  // Links that are rejected here are not kept: the next time there may be others.
  for (const one of told) api.refuseUnlessOwn(one);
  // The id of the recording in a file's name is its start: seconds since 1970 and a counter.
  const byId = (link: string): string => /\d{9,11}\.\d+/.exec(readFileName(link))?.[0] ?? '';
  return told.toSorted((one, other) => byId(one).localeCompare(byId(other), 'en', { numeric: true })).slice(0, MOST_PARTS);
}

function readFileName(link: string): string {
  return link.slice(link.lastIndexOf('/') + 1);
}

function makeNotReady(): ProviderError {
  return makeError('unavailable', texts.recordNotReady, { retryAfterMs: AGAIN_MS });
}
