import { ProviderError } from '#provider-kit';
import type { RecordFile } from '#telephony/port';
import { findLink, openFile } from './fake-pbx.api.js';
import type { FakePbxContext } from './fake-pbx.settings.js';

/** Maximum time from a call's end until its recording is ready. */
const READY_MS = 600_000;
const AGAIN_MS = 30_000;

/** Writes a reference to a recording: its own id, else its call's, and when the call ended. */
export function nameRecord(ids: { record?: string | undefined; call: string }, endedAt: Date): string {
  const place = ids.record === undefined ? `pbx/${ids.call}` : `call/${ids.record}`;
  return `${place}@${Math.floor(endedAt.getTime() / 1000)}.mp3`;
}

/**
 * Finds a recording. The PBX does not distinguish a recording that is not ready from a deleted one, so time
 * must.
 */
export async function findRecord(reference: string, context: FakePbxContext): Promise<RecordFile | undefined> {
  const [, place, id = '', ended = ''] = /^(call|pbx)\/([\w.]{1,100})@(\d{1,12})\.mp3$/.exec(reference) ?? [];
  if (place === undefined) return undefined;
  const link = await findLink(place === 'call' ? 'call_id' : 'pbx_call_id', id, context);
  // The service may ignore the range: the part of the file that it sends is dropped then.
  const first = link === undefined ? undefined : await openFile(link, context, { range: { start: 0, end: 0 } });
  first?.body.destroy();
  if (link === undefined || !first || first.status >= 400) {
    if (context.now.getTime() - Number(ended) * 1000 >= READY_MS) return undefined;
    throw new ProviderError('unavailable', 'The recording is not ready yet: try again in a minute.', { retryAfterMs: AGAIN_MS });
  }
  return {
    ...{ type: 'audio/mpeg', name: `${id}.mp3` },
    ...(first.size !== undefined && { size: first.size }),
    open: async (range) => {
      const { status, body } = await openFile(link, context, { range, signal: null });
      if (status >= 400) throw new ProviderError('unavailable', 'The recording cannot be read.', { retryAfterMs: AGAIN_MS });
      return body;
    },
  };
}
