import type { LocalText } from '#platform';
import { MOST_BYTES } from '../chat-times.js';
import { texts } from '../chat.texts.js';
import type { OutMedia } from '../port/index.js';
import type { GatewayClient } from './gateway-client.js';

/** A file of a message cannot be sent. */
export class FileMissing extends Error {
  constructor(readonly text: LocalText) {
    super(text.en);
  }
}

/**
 * Finds a file at the gateway. The gateway sends no file name, so the name is taken from the file's address,
 * or is a number. `index`: of the file in its message.
 * @throws FileMissing if it is too large, NotFoundError and others of the client
 */
export async function findMedia(gateway: GatewayClient, id: string, index: number, signal: AbortSignal): Promise<OutMedia> {
  const file = await gateway.findFile(id, signal);
  const { size = 0, mimeType = 'application/octet-stream', url } = file;
  if (size > MOST_BYTES) throw new FileMissing(texts.fileTooLarge);
  const base = URL.canParse(url) ? decodeURIComponent(new URL(url).pathname.split('/').at(-1) ?? '') : '';
  const extension = mimeType.split('/').at(-1)?.split(/[;+]/)[0] ?? 'bin';
  const name = /\.\w{1,8}$/.test(base) ? base : `file-${index + 1}.${extension}`;
  return { name, type: mimeType, size, open: () => gateway.openFile(file, MOST_BYTES, signal) };
}
