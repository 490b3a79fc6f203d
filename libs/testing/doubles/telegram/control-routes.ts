import type { FastifyInstance } from 'fastify';
import { buildObjectSchema, registerControl, TEXT, WHETHER, WHOLE } from '../control-routes.js';
import type { TelegramKept, TelegramPerson } from './telegram-bot.js';
import type { TelegramContent } from './telegram-contents.js';
import type { TelegramControl, TelegramModes } from './telegram-control.js';
import type { TelegramUpdate, TelegramUser } from './telegram-objects.js';

const NUMBER = { type: 'integer' };
const PERSON = { person: { anyOf: [NUMBER, TEXT] }, bot: NUMBER };
const MESSAGE = { chat: NUMBER, message: NUMBER, bot: NUMBER };
const CONTENT = { ...buildObjectSchema({ kind: TEXT, base64: TEXT }, ['kind']) };

/** A person by his id, or by his username: then he is made if there is none. */
type Whom = number | string;
/** A content whose bytes are written as base64. */
type ContentByHand = TelegramContent & { base64?: string };

/** The test's control as JSON under `/control`, for a double started by hand (README.md). */
export function registerControlRoutes(app: FastifyInstance, double: TelegramControl): void {
  const post = registerControl(app, double, {
    describe: () => describe(double),
    modes: {
      ...{ webhookUrls: { type: 'string', enum: ['https', 'any'] }, fetchesUrls: WHETHER, fileSizes: WHETHER, latencyMs: WHOLE },
      messagesPerSecond: { type: ['integer', 'null'], minimum: 1 },
    },
    // In JSON nothing is null.
    setModes: (modes: Partial<TelegramModes>) =>
      double.setModes(Object.fromEntries(Object.entries(modes).map(([name, value]) => [name, value ?? undefined]))),
    flush: { reverse: WHETHER },
  });
  registerReading(app, double);
  const person = (whom?: Whom): TelegramPerson => findPerson(double, whom);
  post<Partial<TelegramUser> & { photo?: string; deactivated?: boolean; forbidsVoice?: boolean }>(
    'people',
    buildObjectSchema({ id: NUMBER, first_name: TEXT, last_name: TEXT, username: TEXT, language_code: TEXT, photo: TEXT }),
    ({ photo, deactivated = false, forbidsVoice = false, ...user }) => {
      const found = (user.id !== undefined && double.people.get(user.id)) || double.addPerson(user);
      Object.assign(found, { deactivated, forbidsVoice });
      Object.assign(found.user, user);
      if (photo !== undefined) found.photos = [double.files.add({ kind: 'photo', bytes: Buffer.from(photo, 'base64') })];
      return showPerson(found);
    },
  );
  post<{ token?: string; username?: string }>('bots', buildObjectSchema({ token: TEXT, username: TEXT }), (bot) => {
    const { id, token } = double.addBot(bot);
    return { id, token };
  });
  post<{ bot?: number }>('revoke', buildObjectSchema({ bot: NUMBER }), ({ bot }) => ({ token: double.revokeToken(bot) }));
  post<{ person?: Whom; text?: string; content?: ContentByHand; replyTo?: number; quote?: string; group?: number; bot?: number }>(
    'messages',
    {
      ...buildObjectSchema({ ...PERSON, text: TEXT, content: CONTENT, replyTo: NUMBER, quote: TEXT, group: NUMBER }),
      additionalProperties: false,
    },
    ({ text, content, group, ...writing }) => {
      const chat = group === undefined ? undefined : double.findBot(writing.bot).dialogues.get(group)?.chat;
      return show(double.write(person(writing.person), content ? toContent(content) : (text ?? ''), { ...writing, group: chat }));
    },
  );
  post<{ person?: Whom; parts: ContentByHand[]; bot?: number }>(
    'albums',
    buildObjectSchema({ ...PERSON, parts: { type: 'array', items: CONTENT } }, ['parts']),
    ({ person: id, parts, bot }) => ({ items: double.writeAlbum(person(id), parts.map(toContent), { bot }).map(show) }),
  );
  post<{ person?: Whom; payload?: string; bot?: number }>(
    'start',
    buildObjectSchema({ ...PERSON, payload: TEXT }),
    ({ person: id, payload, bot }) => show(double.start(person(id), payload, { bot })),
  );
  post<{ chat: number; message: number; text?: string; bot?: number }>(
    'edit',
    buildObjectSchema({ ...MESSAGE, text: TEXT }, ['chat', 'message']),
    ({ chat, message, text, bot }) => {
      const kept = double.find(chat, message, bot);
      double.edit(kept, text);
      return show(kept);
    },
  );
  post<{ chat: number; message: number; bot?: number }>(
    'delete',
    buildObjectSchema(MESSAGE, ['chat', 'message']),
    ({ chat, message, bot }) => double.delete(double.find(chat, message, bot)),
  );
  post<{ person: Whom; message: number; data: string; bot?: number }>(
    'press',
    buildObjectSchema({ ...PERSON, message: NUMBER, data: TEXT }, ['person', 'message', 'data']),
    ({ person: id, message, data, bot }) => ({ id: double.press(person(id), double.find(person(id).user.id, message, bot), data) }),
  );
  post<{ person: Whom; text: string; bot?: number }>(
    'tap',
    buildObjectSchema({ ...PERSON, text: TEXT }, ['person', 'text']),
    ({ person: id, text, bot }) => show(double.tap(person(id), text, { bot })),
  );
  post<{ person: Whom; blocked?: boolean; bot?: number }>(
    'block',
    buildObjectSchema({ ...PERSON, blocked: WHETHER }, ['person']),
    ({ person: id, blocked, bot }) => double.block(person(id), blocked, { bot }),
  );
  post<{ person?: Whom; title?: string; bot?: number }>(
    'groups',
    buildObjectSchema({ ...PERSON, title: TEXT }),
    ({ person: id, title, bot }) => double.addToGroup(person(id), title, { bot }),
  );
  post<{ kind: string; about: object; chat?: number; bot?: number }>(
    'updates',
    buildObjectSchema({ kind: TEXT, about: { type: 'object' }, chat: NUMBER, bot: NUMBER }, ['kind', 'about']),
    ({ kind, about, ...where }) => double.postUpdate(kind, about, where),
  );
  post<{ url?: string; bot?: number }>('steal', buildObjectSchema({ url: TEXT, bot: NUMBER }), ({ url, bot }) => double.steal(url, bot));
  post<{ seconds: number }>('time', buildObjectSchema({ seconds: WHOLE }, ['seconds']), ({ seconds }) => double.advance(seconds));
  app.post<{ Body: { secret?: string; update?: TelegramUpdate; bot?: number } }>('/control/forge', ({ body }) =>
    double.forge(body.secret, body),
  );
}

function findPerson(double: TelegramControl, whom?: Whom): TelegramPerson {
  const people = [...double.people.values()];
  if (whom === undefined) return people[0] ?? double.addPerson();
  if (typeof whom === 'number') return double.findPerson(whom);
  const name = whom.charAt(0).toUpperCase() + whom.slice(1);
  return people.find(({ user }) => user.username === whom) ?? double.addPerson({ username: whom, first_name: name });
}

function registerReading(app: FastifyInstance, double: TelegramControl): void {
  app.get('/control/messages', (request) => {
    const { chat, by } = request.query as { chat?: string; by?: string };
    const items = double.bots
      .flatMap(({ dialogues }) => [...dialogues.values()].flatMap(({ messages }) => messages))
      .filter((kept) => (chat === undefined || kept.message.chat.id === Number(chat)) && (by === undefined || kept.by === by))
      .map(show);
    return { count: items.length, items };
  });
  app.get('/control/requests', (request) => {
    const { call } = request.query as { call?: string };
    const items = double.calls.filter((one) => call === undefined || one.call === call);
    return { count: items.length, items };
  });
}

function toContent({ base64, ...content }: ContentByHand): TelegramContent {
  return base64 === undefined ? content : ({ ...content, bytes: Buffer.from(base64, 'base64') } as TelegramContent);
}

function show({ bot, by, message, edits, deleted, reaction, markup, file }: TelegramKept): object {
  return {
    ...{ bot, by, edits, deleted, message },
    ...(reaction && { reaction }),
    ...(markup && { markup }),
    ...(file && { size: file.size }),
  };
}

function showPerson({ user, photos, deactivated, forbidsVoice }: TelegramPerson): object {
  return { ...user, photos: photos.length, deactivated, forbidsVoice };
}

function describe(double: TelegramControl): object {
  return {
    modes: { ...double.modes, webhooks: double.webhooks.mode },
    bots: double.bots.map((bot) => ({
      ...{ id: bot.id, token: bot.token, username: bot.user.username, webhook: bot.getWebhookInfo(), chats: bot.dialogues.size },
      unansweredPresses: bot.unanswered,
    })),
    people: [...double.people.values()].map(showPerson),
    ...{ calls: double.calls.length, complaints: double.complaints, duplicates: double.duplicates(), webhooks: double.webhooks.attempts },
  };
}
