import { Double, type DoubleOptions, hand, type Infer, object, Refusal, text, type WireCall } from '#testing';

const sent = object({ reference: text(), text: text(1, 2_000), 'answers?': text() });
const written = object({ person: text(1, 64), text: text(), 'answers?': text() });
const WIRE = [
  { call: 'account', method: 'GET', path: '/account' },
  { call: 'bots', method: 'GET', path: '/bots' },
  { call: 'send', method: 'POST', path: '/bots/:bot/chats/:chat/messages', body: sent, reply: object({ id: text(1) }) },
] as const satisfies readonly WireCall[];
export type TemplateCall = (typeof WIRE)[number]['call'];

interface Message {
  id: string;
  bot: string;
  chat: string;
  text: string;
  by: 'customer' | 'shop';
  reference?: string;
  answers?: string;
}

/** The service in memory, according to its documentation. Write the real service's behaviour here. */
export class TemplateDouble extends Double<typeof WIRE> {
  readonly bots = [{ id: 'shop', name: '@shop' }];
  /** Messages of both sides, in order. */
  readonly messages: Message[] = [];
  /** Customers who have blocked the bot. */
  readonly blocked = new Set<string>();

  constructor() {
    super({ wire: WIRE, token: 'template-token' });
    this.serve({
      account: () => ({ name: 'Demo shop' }),
      bots: () => ({ bots: this.bots }),
      send: ({ params: { bot = '', chat = '' }, body }) => {
        const known = this.messages.find(({ reference }) => reference === body.reference);
        if (known) return { id: known.id };
        if (!this.messages.some((one) => one.bot === bot && one.chat === chat)) throw new Refusal(404, 'no_chat', 'There is no such chat');
        if (this.blocked.has(chat)) throw new Refusal(409, 'blocked', 'The customer has blocked the bot');
        return { id: this.add({ bot, chat, by: 'shop', ...body }).id };
      },
    });
  }

  /** A customer writes. The first message opens the chat. Returns the message's id. */
  write({ person, ...message }: Infer<typeof written>): string {
    const added = this.add({ bot: this.bots[0]?.id ?? '', chat: person, by: 'customer', ...message });
    const { by: _, ...posted } = added;
    this.tell({ action: 'message', body: { ...posted, at: new Date().toISOString(), person: { id: person, name: person } } });
    return added.id;
  }

  /** `POST /control/messages`, for a double started by hand. */
  protected override listHands() {
    return { messages: hand(written, (message) => void this.write(message)) };
  }

  private add(message: Omit<Message, 'id'>): Message {
    const added = { id: `m-${this.messages.length + 1}`, ...message };
    this.messages.push(added);
    return added;
  }
}

/** Starts one. `npm run double` finds it by this name. */
export function startDouble(options: DoubleOptions): Promise<TemplateDouble> {
  return new TemplateDouble().listen(options);
}
