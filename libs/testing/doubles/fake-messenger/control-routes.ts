import type { FastifyInstance } from 'fastify';
import { buildObjectSchema, registerControl, TEXT, WHETHER, WHOLE } from '../control-routes.js';
import type { CustomerMessage, MessengerControl, MessengerMessage } from './messenger-control.js';

interface WrittenByHand extends Omit<CustomerMessage, 'files'> {
  files?: { base64: string; name?: string; type?: string }[];
}

const FILE = buildObjectSchema({ base64: TEXT, name: TEXT, type: TEXT }, ['base64']);
const MESSAGE = buildObjectSchema({ message: TEXT }, ['message']);

/** The test's control as JSON under `/control`, for a messenger started by hand (README.md). */
export function registerControlRoutes(app: FastifyInstance, messenger: MessengerControl): void {
  const post = registerControl(app, messenger, {
    describe: () => describe(messenger),
    modes: { usesReferences: WHETHER, readsBeforeReply: WHETHER },
    setModes: (modes: Partial<Pick<MessengerControl, 'usesReferences' | 'readsBeforeReply'>>) => Object.assign(messenger, modes),
    flush: { reverse: WHETHER, forge: WHETHER },
  });
  app.get('/control/messages', (request) => {
    const { chat } = request.query as { chat?: string };
    const items = messenger.messages.filter((one) => chat === undefined || one.chat === chat).map(show);
    return { count: items.length, items };
  });
  post<{ url: string }>('webhook-url', buildObjectSchema({ url: TEXT }, ['url']), ({ url }) => {
    messenger.webhooks.url = url;
  });
  post<WrittenByHand>(
    'messages',
    {
      ...buildObjectSchema({ bot: TEXT, person: TEXT, text: TEXT, files: { type: 'array', items: FILE }, quote: TEXT, paceMs: WHOLE }),
      additionalProperties: false,
    },
    ({ files = [], ...message }) =>
      show(messenger.write({ ...message, files: files.map(({ base64, ...file }) => ({ ...file, bytes: Buffer.from(base64, 'base64') })) })),
  );
  post<{ message: string; text: string }>('edit', buildObjectSchema({ message: TEXT, text: TEXT }, ['message', 'text']), (body) =>
    messenger.edit(messenger.find(body.message, 'customer'), body.text),
  );
  post<{ message: string }>('delete', MESSAGE, ({ message }) => messenger.delete(messenger.find(message, 'customer')));
  post<{ message: string }>('read', MESSAGE, ({ message }) => messenger.read(messenger.find(message, 'shop')));
  post<{ message: string; emoji: string; removed?: boolean }>(
    'react',
    buildObjectSchema({ message: TEXT, emoji: TEXT, removed: WHETHER }, ['message', 'emoji']),
    ({ message, emoji, removed }) => messenger.react(messenger.find(message), emoji, removed),
  );
  post<{ person: string; blocked?: boolean; bot?: string }>(
    'block',
    buildObjectSchema({ person: TEXT, blocked: WHETHER, bot: TEXT }, ['person']),
    ({ person, blocked, bot }) => messenger.block(person, blocked, bot),
  );
}

function show({ file, ...message }: MessengerMessage): object {
  return { ...message, ...(file && { file: { id: file.id, name: file.name, type: file.type, size: file.bytes.length } }) };
}

function describe(messenger: MessengerControl): object {
  const { usesReferences, readsBeforeReply, webhooks } = messenger;
  return {
    modes: { usesReferences, readsBeforeReply, webhooks: webhooks.mode },
    bots: [...messenger.bots].map(([id, name]) => ({ id, name })),
    messages: messenger.messages.length,
    duplicates: messenger.duplicates(),
    calls: messenger.calls.length,
    webhookUrl: webhooks.url ?? null,
    webhooks: webhooks.attempts,
  };
}
