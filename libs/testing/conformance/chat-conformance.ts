import { randomBytes, randomUUID } from 'node:crypto';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type ChatProvider, DeliveryRefused, type MessengerEvent, type OutMedia, type OutMessage } from '#chat/port';
import { type ProviderContext, ProviderError, type WebhookRequest } from '#provider-kit';
import { type Effect, recoverBy, Unproven } from './lost-calls.js';
import {
  catchError,
  type ExpectedFailure,
  isProviderMethod,
  type ProviderMethod,
  type ProviderSubject,
  testEffects,
  testFailures,
  testProvider,
  type ConformanceOptions,
} from './provider-conformance.js';
import { testWebhook } from './webhook-conformance.js';

/** Methods a chat provider may lack. */
export type OptionalChatMethod = Exclude<keyof ChatProvider, 'manifest'>;

/** Facts that the suite needs before it runs. */
export type ChatConformanceOptions<S extends object> = ConformanceOptions<OptionalChatMethod, ChatSubject<S>>;

/** A file at the messenger. */
export interface ChatFile {
  name: string;
  /** Media type. */
  type: string;
  bytes: Uint8Array;
}

/** A message of the shop at the messenger. */
export interface SeenMessage {
  id: string;
  text: string;
  deleted: boolean;
  /** Bytes of its file, if it has one. */
  file?: Uint8Array;
  /** The id of the message that it answers. Undefined if there is none. Missing if unknown. */
  quote?: string | undefined;
  reaction?: string;
}

/** The messenger behind the provider: its customers' actions, and the messages they see. */
export interface MessengerStage {
  /** Id of an account that `listAccounts` returns. */
  readonly account: string;
  /** A customer writes to the account. Returns the chat's id and the message's. */
  write(message: { person: string; text?: string; files?: readonly ChatFile[] }): Promise<{ chat: string; message: string }>;
  /** The customer edits a message. Missing if the messenger does not support it. */
  edit?(place: { chat: string; message: string }, text: string): void | Promise<void>;
  /** Webhooks that were posted since the last call of this method, in order. */
  takeWebhooks(): Promise<WebhookRequest[]>;
  /** Are its webhooks signed over their bytes? */
  readonly signed: boolean;
  /** Is their time signed too? */
  readonly dated: boolean;
  /** Whether a secret of the settings or of the memory proves them. By default like `signed`. */
  readonly secret?: boolean;
  /** Messages of the shop in a chat, in order. */
  listSent(chat: string): Promise<readonly SeenMessage[]>;
  /** The customer reads the shop's messages. Missing if the messenger does not support it. */
  read?(chat: string): void | Promise<void>;
  /** Something else happens at the messenger, such as a message in a group. */
  happenElsewhere?(): void | Promise<void>;
  /** The customer blocks the shop. Missing if the messenger does not support it. */
  block?(person: string): Promise<void>;
  /** The next message is sent, and its reply is lost. */
  loseReply(): void;
  /** The next text without a file is rejected. Needed if a long text is sent after its file. */
  refuseText?(): void;
}

/** The provider under test, and the service behind it. */
export interface ChatSubject<S extends object> extends ProviderSubject<S> {
  readonly provider: ChatProvider<S>;
  /** Needed with `sendMessage`. */
  readonly messenger?: MessengerStage;
  /** A chat and its customer with visits. Needed with `findLastOnline` and `readVisits`. */
  readonly visitor?: { readonly externalUserId: string; readonly externalChatId: string };
  /** At least wrong credentials and an outage. Missing for built-in providers. */
  readonly failures?: readonly ExpectedFailure<S>[];
  close?(): Promise<void>;
}

/** The optional methods of the port itself. */
const METHODS: readonly OptionalChatMethod[] = [
  ...(['findLastOnline', 'readVisits', 'listAccounts', 'webhook', 'sendMessage'] as const),
  ...(['editMessage', 'deleteMessage', 'reactToMessage', 'markRead', 'openMedia'] as const),
];
const CODES = ['general', 'customer_not_exists', 'reply_timed_out', 'spam_suspicion', 'access_restricted'];
/** Longer than the limit of some messengers. */
const LONG_TEXT = 'Здравствуйте, ¿qué tal? '.repeat(200);
/** Without a blank to cut at. Each character differs from its neighbours. */
const UNBROKEN_TEXT = Array.from({ length: 4_999 }, (_, at) => String.fromCharCode(0x430 + (at % 31))).join('');
const openFile = (): Promise<Readable> => Promise.resolve(Readable.from([Buffer.alloc(10)]));
const TEXT = 'Здравствуйте, ¿qué tal? <b>&amp; 🚚\nSegunda línea';

/**
 * Tests the requirements for every chat provider. Run it in the provider's spec. Absent methods make no
 * tests. It really sends messages, so run it against a double.
 */
export function runChatConformance<S extends object>(name: string, options: ChatConformanceOptions<S>): void {
  const has = (method: OptionalChatMethod): boolean => options.methods.includes(method);

  describe(`${name} as a chat provider`, () => {
    const unproven = new Unproven(name);
    let subject: ChatSubject<S>;
    let provider: ChatProvider<S>;
    let context: ProviderContext<S>;
    let count = 0;

    beforeAll(async () => {
      subject = await options.start();
      ({ provider, context } = subject);
    });
    afterAll(async () => {
      unproven.print();
      await subject?.close?.();
    });
    const catchFailure = (call: Promise<unknown>): Promise<ProviderError> => catchError(() => call, subject);

    const getStage = (): MessengerStage => {
      if (!subject.messenger) throw new Error('the subject needs a messenger');
      return subject.messenger;
    };
    const newPerson = (): string => `person-${++count}`;
    const getWebhook = (): NonNullable<ChatProvider<S>['webhook']> => {
      if (!provider.webhook) throw new Error('the provider has no webhook');
      return provider.webhook;
    };

    /** Returns the events in the webhooks of an action. */
    async function listEvents(act: () => Promise<unknown>): Promise<MessengerEvent[]> {
      await getStage().takeWebhooks();
      await act();
      const requests = await getStage().takeWebhooks();
      for (const request of requests) expect(await getWebhook().verify(request, context)).toBe(true);
      const events = requests.flatMap((request) => getWebhook().parse(request, context));
      // Seconds that are read as milliseconds are of 1970.
      for (const { at } of events) expect(Math.abs(at.getFullYear() - new Date().getFullYear())).toBeLessThanOrEqual(1);
      return events;
    }

    /** A chat that a customer has opened. */
    async function openChat(): Promise<{ chat: string; person: string; message: string }> {
      const person = newPerson();
      return { person, ...(await getStage().write({ person, text: 'hello' })) };
    }

    const build = (chat: string, changes: Partial<OutMessage> = {}): OutMessage => ({
      ...{ reference: randomUUID(), account: getStage().account, chat, kind: 'text', text: TEXT, media: [] },
      ...changes,
    });
    const send = async (message: OutMessage, given = context): Promise<{ ids: readonly string[]; chat?: string }> => {
      if (!provider.sendMessage) throw new Error('the provider has no sendMessage');
      return provider.sendMessage(message, given);
    };

    testProvider(
      (method: ProviderMethod) => has(method),
      () => subject,
      { ...options, unproven },
    );

    it('has the methods of its port that it is said to have', () => {
      expect(METHODS.filter((method) => provider[method] !== undefined)).toEqual(METHODS.filter(has));
      expect(options.methods.filter((method) => !isProviderMethod(method) && !METHODS.includes(method))).toEqual([]);
      // A messenger has accounts, and both receives and sends messages.
      expect([has('listAccounts'), has('webhook')]).toEqual([has('sendMessage'), has('sendMessage')]);
      expect(provider.manifest.describeMessenger !== undefined).toBe(has('sendMessage'));
      if (has('sendMessage')) expect(provider.manifest.recovery).toBeDefined();
    });

    if (has('sendMessage')) {
      it('says of the messenger what its methods do', () => {
        const abilities = provider.manifest.describeMessenger?.(context.settings);
        if (!abilities) throw new Error('the manifest needs describeMessenger()');
        expect(abilities.type).toMatch(/^[a-z_]+$/);
        expect(abilities.text.maxLength).toBeGreaterThan(0);
        for (const media of [abilities.image, abilities.file, abilities.audio])
          if (media) for (const limit of [media.maxItems, media.maxBytes]) expect(limit).toBeGreaterThan(0);
        const isMediaIn = [abilities.image, abilities.file, abilities.audio].some((media) => media && media.in !== false);
        expect(has('openMedia')).toBe(isMediaIn);
        if (has('reactToMessage')) expect(abilities.reactions?.dictionary.length).toBeGreaterThan(0);
      });

      it('lists accounts that stay the same', async () => {
        const accounts = (await provider.listAccounts?.(context)) ?? [];
        expect(accounts.map(({ id }) => id)).toContain(getStage().account);
        expect(new Set(accounts.map(({ id }) => id)).size).toBe(accounts.length);
        for (const { id, name: title } of accounts) {
          expect(id).toMatch(/^\S.{0,63}$/);
          expect(title).toMatch(/^\S[^\n]{0,99}$/);
        }
        expect(await provider.listAccounts?.(context)).toEqual(accounts);
      });

      describe('webhook', () => {
        testWebhook(
          () => subject,
          getWebhook,
          async () => {
            await getStage().takeWebhooks();
            await getStage().write({ person: newPerson(), text: 'hello' });
            const [request] = await getStage().takeWebhooks();
            if (!request) throw new Error('the messenger posted nothing');
            const { signed, dated, secret = signed } = getStage();
            return { request, signed, dated, secret };
          },
          unproven,
        );

        it('is refused without what proves its sender', async () => {
          await getStage().takeWebhooks();
          await getStage().write({ person: newPerson(), text: 'hello' });
          const [request] = await getStage().takeWebhooks();
          if (!request) throw new Error('the messenger posted nothing');
          expect(await getWebhook().verify({ ...request, headers: {}, query: new URLSearchParams() }, context)).toBe(false);
        });

        it('tells what a customer writes', async () => {
          const person = newPerson();
          let written = { chat: '', message: '' };
          const events = await listEvents(async () => (written = await getStage().write({ person, text: TEXT })));
          const message = events.find((event) => event.type === 'message');
          expect(message).toMatchObject({
            account: getStage().account,
            chat: written.chat,
            message: { id: written.message, kind: 'text' },
          });
          if (message?.type !== 'message') return;
          expect(message.message.text).toBe(TEXT);
          expect(message.customer.id).toMatch(/^\S.{0,63}$/);
          expect(message.customer.nickname).toMatch(/^\S.{0,254}$/);
        });

        it('tells what a customer changes in it', async () => {
          const { edit } = getStage();
          if (!edit) return unproven.add('edits of customers', 'messenger.edit');
          const written = await getStage().write({ person: newPerson(), text: 'hello' });
          const events = await listEvents(async () => edit.call(getStage(), written, TEXT));
          expect(events).toMatchObject([{ type: 'edit', chat: written.chat, message: written.message, text: TEXT }]);
        });

        it('takes nothing else for a customer’s message', async () => {
          const { happenElsewhere } = getStage();
          if (!happenElsewhere) return unproven.add('only customers’ messages are taken', 'messenger.happenElsewhere');
          expect(await listEvents(async () => happenElsewhere.call(getStage()))).toEqual([]);
        });

        it('has other ids for other messages of the same text', async () => {
          const person = newPerson();
          const events = await listEvents(async () => {
            for (let n = 0; n < 3; n++) await getStage().write({ person, text: 'the same' });
          });
          const messages = events.filter((event) => event.type === 'message');
          expect(new Set(messages.map(({ id }) => id)).size).toBe(3);
          expect(new Set(messages.map(({ message }) => message.id)).size).toBe(3);
          expect(new Set(messages.map(({ chat }) => chat)).size).toBe(1);
        });

        it('tells what becomes of a message and its customer', async () => {
          const { block, read } = getStage();
          const receipts = provider.manifest.describeMessenger?.(context.settings)?.receipts;
          const { chat, person } = await openChat();
          const { ids } = await send(build(chat));
          if (receipts?.read && !read) unproven.add('read messages', 'messenger.read');
          if (read) {
            const events = await listEvents(async () => read.call(getStage(), chat));
            expect(events.map(({ type }) => type)).toEqual(['read']);
            expect([ids.at(-1), undefined]).toContain((events[0] as { message?: string }).message);
          }
          const events = block ? await listEvents(() => block.call(getStage(), person)) : [];
          expect(events.filter(({ type }) => type !== 'blocked')).toEqual([]);
        });

        if (has('openMedia'))
          it('names files that can be opened', async () => {
            const files = [
              { name: 'b.jpg', type: 'image/jpeg', bytes: randomBytes(50_000) },
              { name: 'a.png', type: 'image/png', bytes: randomBytes(100_000) },
              { name: 'накладная.pdf', type: 'application/pdf', bytes: randomBytes(10) },
            ];
            for (const file of files) {
              const events = await listEvents(() => getStage().write({ person: newPerson(), files: [file] }));
              const [ref] = events.flatMap((event) => (event.type === 'message' ? (event.message.media ?? []) : []));
              if (!ref) throw new Error('no event names the file');
              const opened = await provider.openMedia?.(getStage().account, ref.ref, context);
              if (!opened) throw new Error('the file is not opened');
              expect(Buffer.compare(await buffer(opened.body), file.bytes)).toBe(0);
              if (opened.size !== undefined) expect(opened.size).toBe(file.bytes.length);
            }
          });
      });

      describe('sendMessage', () => {
        it('sends a text once, as it is', async () => {
          const { chat } = await openChat();
          const sent = await send(build(chat));
          expect(sent.ids.length).toBeGreaterThan(0);
          const seen = await getStage().listSent(chat);
          expect(seen).toMatchObject([{ id: sent.ids[0], text: TEXT }]);
        });

        it('loses no character of a long text', async () => {
          const { maxLength = 0 } = provider.manifest.describeMessenger?.(context.settings)?.text ?? {};
          const { chat } = await openChat();
          const text = UNBROKEN_TEXT.slice(0, maxLength);
          const { ids } = await send(build(chat, { text }));
          const sent = (await getStage().listSent(chat)).map((one) => one.text).join('');
          expect([sent.length, sent === text]).toEqual([text.length, true]);
          if (!has('deleteMessage')) return;
          await provider.deleteMessage?.({ account: getStage().account, chat, ids }, context);
          expect((await getStage().listSent(chat)).filter(({ deleted }) => !deleted)).toEqual([]);
        });

        it('names the price of a product, whatever the digits of its currency', async () => {
          if (!provider.manifest.describeMessenger?.(context.settings)?.cards) return;
          const { chat } = await openChat();
          for (const [minor, currency, shown] of [
            [12_345, 'JPY', '12345'],
            [12_345, 'EUR', '12345'],
            [12_300, 'USD', '123'],
          ] as const) {
            const { text: _, ...bare } = build(chat, { kind: 'product', product: { name: 'Kettle', cost: { minor, currency } } });
            await send(bare);
            const text = (await getStage().listSent(chat)).at(-1)?.text.replace(/\D/g, '');
            expect([currency, text]).toEqual([currency, shown]);
          }
        });

        it('answers the message that it quotes, in its own chat', async () => {
          const abilities = provider.manifest.describeMessenger?.(context.settings);
          const [{ chat, message }, other] = [await openChat(), await openChat()];
          await send(build(chat, { quote: [message] }));
          const [seen, ...more] = await getStage().listSent(chat);
          expect([more, await getStage().listSent(other.chat)]).toEqual([[], []]);
          if (!abilities?.text.quotes) return;
          if (seen && !('quote' in seen)) unproven.add('quotes', 'quote in the messages of messenger.listSent()');
          else expect(seen?.quote).toBe(message);
        });

        it('keeps the order of a chat', async () => {
          const { chat } = await openChat();
          for (const text of ['one', 'two', 'three']) await send(build(chat, { text }));
          expect((await getStage().listSent(chat)).map(({ text }) => text)).toEqual(['one', 'two', 'three']);
        });

        it('sends files whole, and nothing when one cannot be opened', async () => {
          const abilities = provider.manifest.describeMessenger?.(context.settings);
          if (!abilities?.file && !abilities?.image) return;
          const { chat } = await openChat();
          const bytes = randomBytes(150_000);
          const media: OutMedia = {
            ...{ name: 'a.png', type: 'image/png', size: bytes.length },
            open: () => Promise.resolve(Readable.from([bytes.subarray(0, 70_000), bytes.subarray(70_000)])),
          };
          const kind = abilities.image ? 'image' : 'file';
          const { text: _, ...bare } = build(chat, { kind, media: [media] });
          await send(bare);
          const [seen] = await getStage().listSent(chat);
          expect(Buffer.compare(seen?.file ?? new Uint8Array(), bytes)).toBe(0);
          const broken: OutMedia = { ...media, open: () => Promise.reject(new ProviderError('unavailable', 'The file is away')) };
          expect((await catchFailure(send({ ...bare, reference: randomUUID(), media: [broken] }))).kind).toBe('unavailable');
          expect(await getStage().listSent(chat)).toHaveLength(1);
        });

        it('sends a text that is longer than a caption with its file, edits and deletes all of it', async () => {
          const { text, image, cards } = provider.manifest.describeMessenger?.(context.settings) ?? {};
          if (!text || !image?.captionLength) return;
          const bytes = randomBytes(1_000);
          const media = [{ name: 'a.png', type: 'image/png', size: bytes.length, open: () => Promise.resolve(Readable.from([bytes])) }];
          const long = { kind: 'image', media, text: UNBROKEN_TEXT.slice(0, text.maxLength) } as const;
          const listVisible = async (chat: string): Promise<SeenMessage[]> =>
            (await getStage().listSent(chat)).filter(({ deleted }) => !deleted);
          const { chat } = await openChat();
          const { ids } = await send(build(chat, long));
          const sent = await listVisible(chat);
          expect([sent.map((one) => one.text).join(''), sent[0]?.file?.length]).toEqual([long.text, bytes.length]);
          if (has('deleteMessage')) {
            await provider.deleteMessage?.({ account: getStage().account, chat, ids }, context);
            expect(await listVisible(chat)).toEqual([]);
          }
          if (cards && has('editMessage')) {
            const full = { ...build(chat), text: UNBROKEN_TEXT.slice(0, text.maxLength), product: { name: 'Kettle' } };
            const parts = await send(full);
            await provider.editMessage?.({ account: getStage().account, chat, ids: parts.ids, text: TEXT }, context);
            expect((await listVisible(chat)).map((one) => one.text)).toEqual([TEXT]);
          }
          const { refuseText } = getStage();
          if (!refuseText) return unproven.add('a message that is rejected in part is taken back', 'messenger.refuseText');
          const other = await openChat();
          refuseText.call(getStage());
          expect(await catchFailure(send(build(other.chat, long)))).toBeInstanceOf(DeliveryRefused);
          expect(await listVisible(other.chat)).toEqual([]);
        });

        it('says in the gateway’s words why a message is not delivered', async () => {
          const unknown = await catchFailure(send(build('no such chat')));
          expect(unknown).toBeInstanceOf(DeliveryRefused);
          expect((unknown as DeliveryRefused).code).toBe('customer_not_exists');
          const { chat, person } = await openChat();
          const { block } = getStage();
          if (!block) return;
          await block.call(getStage(), person);
          const blocked = await catchFailure(send(build(chat)));
          expect(blocked).toBeInstanceOf(DeliveryRefused);
          expect(CODES).toContain((blocked as DeliveryRefused).code);
          expect(await getStage().listSent(chat)).toEqual([]);
        });

        it('opens a chat with a customer, where that may be', async () => {
          const abilities = provider.manifest.describeMessenger?.(context.settings);
          if ((abilities?.newCustomer ?? 'no') !== 'text') return;
          const { chat: _, ...first } = build('', { customer: newPerson() });
          const sent = await send(first);
          expect(sent.chat).toMatch(/\S/);
          expect(await getStage().listSent(sent.chat ?? '')).toMatchObject([{ text: TEXT }]);
        });

        it('does not know whether a message was sent whose reply is lost', async () => {
          const { chat } = await openChat();
          const message = build(chat);
          getStage().loseReply();
          expect((await catchFailure(send(message))).kind).toBe('unknown_outcome');
          expect(await getStage().listSent(chat)).toHaveLength(1);
          if (provider.manifest.recovery?.kind !== 'idempotency-key') return;
          const again = await send(message);
          const seen = await getStage().listSent(chat);
          expect(seen.map(({ id }) => id)).toEqual([again.ids[0]]);
        });

        it('keeps to a signal that has ended: nothing is sent', async () => {
          const { chat } = await openChat();
          expect((await catchFailure(send(build(chat), { ...context, signal: AbortSignal.abort() }))).kind).toBe('unavailable');
          expect(await getStage().listSent(chat)).toEqual([]);
        });
      });

      describe('what follows a message', () => {
        /** Sends a message of the shop in a new chat. */
        async function sendOne(): Promise<{ chat: string; account: string; ids: readonly string[]; customers: string }> {
          const { chat, message } = await openChat();
          const { ids } = await send(build(chat, { text: 'first' }));
          return { chat, account: getStage().account, ids, customers: message };
        }
        const seeOne = async (chat: string): Promise<SeenMessage | undefined> => (await getStage().listSent(chat))[0];

        if (has('editMessage'))
          it('edits its text, however often', async () => {
            const { customers: _, ...place } = await sendOne();
            for (let n = 0; n < 2; n++) await provider.editMessage?.({ ...place, text: TEXT }, context);
            expect(await seeOne(place.chat)).toMatchObject({ text: TEXT });
          });

        if (has('deleteMessage'))
          it('deletes it, and again is fine', async () => {
            const { customers: _, ...place } = await sendOne();
            for (let n = 0; n < 2; n++) await provider.deleteMessage?.(place, context);
            expect((await seeOne(place.chat))?.deleted ?? true).toBe(true);
            // A message that is already gone is a success too.
            await provider.deleteMessage?.({ ...place, ids: ['no-such-message'] }, context);
          });

        if (has('reactToMessage'))
          it('reacts to a customer’s, and takes it back', async () => {
            const emoji = provider.manifest.describeMessenger?.(context.settings)?.reactions?.dictionary[0] ?? '';
            const { account, chat, customers: id } = await sendOne();
            await provider.reactToMessage?.({ account, chat, id, emoji }, context);
            await provider.reactToMessage?.({ account, chat, id }, context);
            await provider.reactToMessage?.({ account, chat, id }, context);
          });

        if (has('markRead'))
          it('marks a customer’s message as read, and again is fine', async () => {
            const { account, chat, customers: id } = await sendOne();
            for (let n = 0; n < 2; n++) await provider.markRead?.({ account, chat, id }, context);
          });
      });
    }

    if (has('sendMessage')) testEffects(listEffects(), () => subject, { isLocal: () => false, unproven });

    /** The calls that act at the messenger. */
    function listEffects(): Effect<S>[] {
      const effects: (Effect<S> & { method: OptionalChatMethod })[] = [
        {
          ...{ name: 'sendMessage', method: 'sendMessage', makes: 1 },
          prepare: async () => {
            const { chat } = await openChat();
            const message = build(chat);
            const act = async (given: ProviderContext<S>): Promise<string> => (await send(message, given)).ids[0] ?? '';
            return { act, recover: recoverBy(provider.manifest.recovery), repeat: () => act(context) };
          },
        },
        {
          ...{ name: 'sendMessage of a long text', method: 'sendMessage', makes: 'parts' },
          prepare: async () => {
            const { chat } = await openChat();
            const { text: { maxLength = 0 } = {}, file } = provider.manifest.describeMessenger?.(context.settings) ?? {};
            // The text is sent after its file.
            const media = file?.captionLength ? [{ name: 'a.pdf', type: 'application/pdf', size: 10, open: openFile }] : [];
            const message = build(chat, { ...(media.length > 0 && { kind: 'file', media }), text: LONG_TEXT.slice(0, maxLength) });
            const act = async (given: ProviderContext<S>): Promise<string> => (await send(message, given)).ids[0] ?? '';
            return { act, recover: recoverBy(provider.manifest.recovery), repeat: () => act(context) };
          },
        },
        {
          ...{ name: 'editMessage', method: 'editMessage', mayBeRepeated: true },
          prepare: async () => {
            const { chat } = await openChat();
            const place = { account: getStage().account, chat, ids: (await send(build(chat, { text: 'first' }))).ids };
            const act = async (given: ProviderContext<S>): Promise<void> => provider.editMessage?.({ ...place, text: TEXT }, given);
            const isDone = async (): Promise<boolean> => (await getStage().listSent(chat))[0]?.text === TEXT;
            return { act, isDone, repeat: async () => (await act(context), chat) };
          },
        },
        {
          ...{ name: 'deleteMessage', method: 'deleteMessage', mayBeRepeated: true },
          prepare: async () => {
            const { chat } = await openChat();
            const place = { account: getStage().account, chat, ids: (await send(build(chat))).ids };
            const act = async (given: ProviderContext<S>): Promise<void> => provider.deleteMessage?.(place, given);
            const isDone = async (): Promise<boolean> => (await getStage().listSent(chat))[0]?.deleted ?? true;
            return { act, isDone, repeat: async () => (await act(context), chat) };
          },
        },
        {
          ...{ name: 'reactToMessage', method: 'reactToMessage', mayBeRepeated: true },
          prepare: async () => {
            const { chat, message: id } = await openChat();
            const emoji = provider.manifest.describeMessenger?.(context.settings)?.reactions?.dictionary[0] ?? '';
            const reaction = { account: getStage().account, chat, id, emoji };
            const act = async (given: ProviderContext<S>): Promise<void> => provider.reactToMessage?.(reaction, given);
            return { act, repeat: async () => (await act(context), chat) };
          },
        },
        {
          ...{ name: 'markRead', method: 'markRead', mayBeRepeated: true },
          prepare: async () => {
            const { chat, message: id } = await openChat();
            const act = async (given: ProviderContext<S>): Promise<void> =>
              provider.markRead?.({ account: getStage().account, chat, id }, given);
            return { act, repeat: async () => (await act(context), chat) };
          },
        },
      ];
      return effects.filter(({ method }) => has(method));
    }

    if (has('findLastOnline') || has('readVisits'))
      describe('visits', () => {
        const getVisitor = (): NonNullable<ChatSubject<S>['visitor']> => {
          if (!subject.visitor) throw new Error('the subject needs a visitor');
          return subject.visitor;
        };

        it('are told of a known customer, and of no other', async () => {
          const { externalUserId, externalChatId } = getVisitor();
          if (provider.findLastOnline) {
            expect(await provider.findLastOnline(externalUserId, context)).toBeInstanceOf(Date);
            expect(await provider.findLastOnline('nobody', context)).toBeUndefined();
          }
          if (!provider.readVisits) return;
          const visits = await provider.readVisits(externalChatId, context);
          expect(visits.count).toBeGreaterThan(0);
          const { startedAt, endedAt, pages = [] } = visits.lastVisit ?? {};
          if (startedAt && endedAt) expect(endedAt.getTime()).toBeGreaterThanOrEqual(startedAt.getTime());
          expect(pages.map(({ at }) => at.getTime())).toEqual(pages.map(({ at }) => at.getTime()).sort((left, right) => left - right));
          expect(await provider.readVisits('nobody', context)).toEqual({ count: 0 });
        });

        it('are not misled by what an id may hold', async () => {
          for (const odd of ['', '%', "'; DROP TABLE x; --", '__proto__', 'я'.repeat(300)]) {
            if (provider.findLastOnline) expect(await provider.findLastOnline(odd, context)).toBeUndefined();
            if (provider.readVisits) expect(await provider.readVisits(odd, context)).toEqual({ count: 0 });
          }
        });
      });

    testFailures(() => ({ ...subject, isLocal: subject.failures === undefined }));
  });
}
