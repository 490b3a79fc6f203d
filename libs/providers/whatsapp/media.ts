import { createHash } from 'node:crypto';
import { Transform } from 'node:stream';
import { makeError } from '#provider-kit';
import type { WhatsAppMethod } from './whatsapp.api.js';
import { texts } from './whatsapp.texts.js';
import type { WireMedia } from './whatsapp.wire.js';

/** The port's reference of a file: its id at Meta, and the digest that its webhook had. */
export function toMediaRef({ id, sha256 = '' }: WireMedia): string {
  return `${id} ${sha256}`.trim();
}

/**
 * Opens a customer's file. Its address is valid for five minutes and needs the token, so it is requested each
 * time and never passed on. The stream fails at its end if the bytes differ from the announced digest.
 * @throws ProviderError `rejected` for a file that is gone
 */
export const openMedia: WhatsAppMethod<'openMedia'> = async (api, account, ref, context) => {
  const [media = '', digest] = ref.split(' ');
  const { url, mime_type: type } = await api.readMedia(context, { media, query: { phone_number_id: account } });
  const { body, size } = await api.download(context, url);
  const hash = createHash('sha256');
  const checked = new Transform({
    transform(chunk: Buffer, _encoding, next) {
      hash.update(chunk);
      next(null, chunk);
    },
    flush(next) {
      next(digest !== undefined && hash.digest('base64') !== digest ? makeError('unavailable', texts.fileDiffers) : null);
    },
  });
  body.once('error', (error) => checked.destroy(error));
  checked.once('close', () => body.destroy());
  checked.on('error', () => undefined);
  body.pipe(checked);
  return { body: checked, ...(type !== undefined && { type }), ...(size !== undefined && { size }) };
};
