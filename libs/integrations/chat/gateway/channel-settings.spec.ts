import { describe, expect, it } from '@jest/globals';
import type { ChatProvider, MessengerAbilities } from '../port/index.js';
import { toChannelSettings } from './channel-settings.js';

const has =
  (...members: (keyof ChatProvider)[]) =>
  (member: keyof ChatProvider): boolean =>
    members.includes(member);
const EVERYTHING = has(
  'webhook',
  'sendMessage',
  'editMessage',
  'deleteMessage',
  'reactToMessage',
  'markRead',
  'createTemplate',
  'listTemplates',
);

describe('settings of a channel', () => {
  it('of a messenger that takes texts only promise nothing else', () => {
    expect(toChannelSettings({ type: 'custom', text: { maxLength: 1000 } }, has('webhook', 'sendMessage'))).toEqual({
      text: { creating: 'both', editing: 'none', quoting: 'none', deleting: 'none', reaction: 'none', max_chars_count: 1000 },
      status: { delivered: 'none', read: 'none' },
      sending_policy: { new_customer: 'no' },
    });
  });

  it('name all that a messenger can', () => {
    const abilities: MessengerAbilities = {
      type: 'telegram',
      text: { maxLength: 4096, quotes: true, customerEdits: true, customerDeletes: true, markup: ['bold', 'link'] },
      image: { maxItems: 10, maxBytes: 10_000_000, captionLength: 1024, quotes: true },
      file: { maxItems: 1, maxBytes: 50 * 1024 * 1024, out: false },
      audio: { maxItems: 30, maxBytes: 1_000_000, in: false },
      cards: true,
      reactions: { dictionary: ['👍'], most: 1, fromCustomers: true },
      suggestions: ['text', 'phone'],
      receipts: { delivered: true, read: true },
      customerId: 'phone',
      newCustomer: 'template',
      replyHours: 24,
    };
    expect(toChannelSettings(abilities, EVERYTHING)).toEqual({
      text: {
        ...{ creating: 'both', editing: 'both', quoting: 'both', deleting: 'both', reaction: 'both' },
        ...{ max_chars_count: 4096, markup_formats: ['bold', 'link'] },
      },
      product: { creating: 'receive', deleting: 'receive', reaction: 'both' },
      order: { creating: 'receive', deleting: 'receive', reaction: 'both' },
      image: {
        ...{ creating: 'both', quoting: 'both', deleting: 'both', reaction: 'both' },
        ...{ max_items_count: 10, max_item_size: 10_000_000, note_max_chars_count: 1024 },
      },
      // The gateway accepts at most 20 MiB.
      file: {
        ...{ creating: 'send', quoting: 'none', deleting: 'send', reaction: 'both' },
        ...{ max_items_count: 1, max_item_size: 20 * 1024 * 1024, note_max_chars_count: 0 },
      },
      audio: {
        ...{ creating: 'receive', quoting: 'none', deleting: 'receive', reaction: 'both' },
        ...{ max_items_count: 20, max_item_size: 1_000_000 },
      },
      status: { delivered: 'send', read: 'both' },
      reactions: { dictionary: ['👍'], max_count: 1 },
      suggestions: { text: 'receive', phone: 'receive' },
      template: { creation: true },
      customer_external_id: 'phone',
      sending_policy: { new_customer: 'template', after_reply_timeout: 'template' },
    });
  });

  it('contain the standing of an account of WhatsApp only', () => {
    const of = (type: string, standing: object): unknown =>
      toChannelSettings({ type, text: { maxLength: 10 } }, has('sendMessage'), standing).whatsapp;
    expect(of('whatsapp', { tier: 250, quality: 'low', status: 'flagged' })).toEqual({
      ...{ tier: 250, channel_quality: 'low', channel_status: 'flagged' },
    });
    expect([of('whatsapp', {}), of('telegram', { quality: 'low' })]).toEqual([{}, undefined]);
  });

  it('let managers edit texts under files where the messenger edits them', () => {
    const file = { maxItems: 1, maxBytes: 1_000, captionLength: 10, captionEdits: true };
    const of = (...members: Parameters<typeof has>): unknown =>
      (['image', 'file', 'audio'] as const).map(
        (kind) => toChannelSettings({ type: 'telegram', text: { maxLength: 10 }, [kind]: file }, has(...members))[kind]?.editing,
      );
    expect(of('sendMessage', 'editMessage')).toEqual(['receive', 'receive', undefined]);
    expect(of('sendMessage')).toEqual(['none', 'none', undefined]);
  });

  it.each([
    ['editMessage', 'editing', 'send'],
    ['deleteMessage', 'deleting', 'send'],
    ['reactToMessage', 'reaction', 'send'],
    ['sendMessage', 'creating', 'send'],
    ['webhook', 'creating', 'receive'],
    ['webhook', 'editing', 'receive'],
  ] as const)('without %s have %s for one side only', (missing, feature, left) => {
    const abilities: MessengerAbilities = {
      type: 'telegram',
      text: { maxLength: 4096, customerEdits: true, customerDeletes: true },
      reactions: { dictionary: ['👍'], most: 1, fromCustomers: true },
    };
    expect(toChannelSettings(abilities, (member) => member !== missing && EVERYTHING(member)).text?.[feature]).toBe(left);
  });
});
