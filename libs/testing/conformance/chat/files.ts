import { randomBytes, randomUUID } from 'node:crypto';
import { Readable } from 'node:stream';
import { expect, it } from '@jest/globals';
import { DeliveryRefused, type OutMedia } from '#chat/port';
import { ProviderError } from '#provider-kit';
import { TEXT, UNBROKEN_TEXT } from './samples.js';
import type { SeenMessage } from './subject.js';
import type { ChatSuite } from './suite.js';

/** Tests that files arrive whole. */
export function testFiles<S extends object>(suite: ChatSuite<S>): void {
  it('a file is sent whole, and nothing is sent if the file cannot be opened', async () => {
    const abilities = suite.provider.manifest.describeMessenger?.(suite.context.settings);
    if (!abilities?.file && !abilities?.image) return;
    const { chat } = await suite.openChat();
    const bytes = randomBytes(150_000);
    const media: OutMedia = {
      ...{ name: 'a.png', type: 'image/png', size: bytes.length },
      open: () => Promise.resolve(Readable.from([bytes.subarray(0, 70_000), bytes.subarray(70_000)])),
    };
    const kind = abilities.image ? 'image' : 'file';
    const { text: _, ...bare } = suite.build(chat, { kind, media: [media] });
    await suite.send(bare);
    const [seen] = await suite.stage.listSent(chat);
    expect(Buffer.compare(seen?.file ?? new Uint8Array(), bytes)).toBe(0);
    const broken: OutMedia = { ...media, open: () => Promise.reject(new ProviderError('unavailable', 'The file is away')) };
    expect((await suite.catchFailure(suite.send({ ...bare, reference: randomUUID(), media: [broken] }))).kind).toBe('unavailable');
    expect(await suite.stage.listSent(chat)).toHaveLength(1);
  });

  it('a text that is longer than a caption is sent, edited and deleted whole, with its file', async () => {
    const { text, image, cards } = suite.provider.manifest.describeMessenger?.(suite.context.settings) ?? {};
    if (!text || !image?.captionLength) return;
    const bytes = randomBytes(1_000);
    const media = [{ name: 'a.png', type: 'image/png', size: bytes.length, open: () => Promise.resolve(Readable.from([bytes])) }];
    const long = { kind: 'image', media, text: UNBROKEN_TEXT.slice(0, text.maxLength) } as const;
    const listVisible = async (chat: string): Promise<SeenMessage[]> =>
      (await suite.stage.listSent(chat)).filter(({ deleted }) => !deleted);
    const { chat } = await suite.openChat();
    const { ids } = await suite.send(suite.build(chat, long));
    const sent = await listVisible(chat);
    expect([sent.map((one) => one.text).join(''), sent[0]?.file?.length]).toEqual([long.text, bytes.length]);
    if (suite.has('deleteMessage')) {
      await suite.provider.deleteMessage?.({ account: suite.stage.account, chat, ids }, suite.context);
      expect(await listVisible(chat)).toEqual([]);
    }
    if (cards && suite.has('editMessage')) {
      const full = { ...suite.build(chat), text: UNBROKEN_TEXT.slice(0, text.maxLength), product: { name: 'Kettle' } };
      const parts = await suite.send(full);
      await suite.provider.editMessage?.({ account: suite.stage.account, chat, ids: parts.ids, text: TEXT }, suite.context);
      expect((await listVisible(chat)).map((one) => one.text)).toEqual([TEXT]);
    }
    const { refuseText } = suite.stage;
    if (!refuseText) return suite.unproven.add('a message that is rejected in part is deleted', 'messenger.refuseText');
    const other = await suite.openChat();
    refuseText.call(suite.stage);
    expect(await suite.catchFailure(suite.send(suite.build(other.chat, long)))).toBeInstanceOf(DeliveryRefused);
    expect(await listVisible(other.chat)).toEqual([]);
  });
}
