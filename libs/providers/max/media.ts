import { makeError } from '#provider-kit';
import { openBot } from './bots.js';
import { VIDEO } from './content.js';
import type { MaxMethod } from './max.api.js';
import { texts } from './max.texts.js';

/** Sizes of a video, the preferred first: the largest often exceeds the gateway's 20 MiB. */
const SIZES = ['mp4_720', 'mp4_480', 'mp4_360', 'mp4_1080', 'mp4_240', 'mp4_144'];

/**
 * Opens a customer's file. It has a public address. That of a video is requested each time.
 * @throws ProviderError `rejected` for a file that is gone
 */
export const openMedia: MaxMethod<'openMedia'> = async (api, account, ref, context) => {
  const at = await openBot(api, account, context);
  const address = ref.startsWith(VIDEO) ? await findVideo(ref.slice(VIDEO.length)) : ref;
  const { body, size, headers } = await api.download(at, address);
  const type = ref.startsWith(VIDEO) ? undefined : headers['content-type'];
  return { body, ...(size !== undefined && { size }), ...(type !== undefined && { type }) };

  async function findVideo(token: string): Promise<string> {
    const found = await api.unlessMissing(api.getVideo(at, { token }));
    const url = SIZES.map((name) => found?.urls?.[name]).find(Boolean);
    if (!url) throw makeError('rejected', texts.fileGone);
    return url;
  }
};
