import { type DoubleOptions, ServiceDouble, ServiceRefusal } from '#testing';

interface Message {
  id: string;
  bot: string;
  chat: string;
  text: string;
  by: 'customer' | 'shop';
  reference?: string;
  answers?: string;
}

/** What a customer writes. */
export interface Written {
  /** The chat is named by him. */
  person: string;
  text: string;
  /** Id of the message that he answers. */
  answers?: string;
}

const SENT = {
  ...{ type: 'object', additionalProperties: false, required: ['reference', 'text'] },
  properties: { reference: { type: 'string' }, text: { type: 'string', minLength: 1, maxLength: 2_000 }, answers: { type: 'string' } },
};
const WRITTEN = {
  ...{ type: 'object', additionalProperties: false, required: ['person', 'text'] },
  properties: { person: { type: 'string', minLength: 1, maxLength: 64 }, text: { type: 'string' }, answers: { type: 'string' } },
};

/** The service in memory, as its documentation describes it: write here what the real service does. */
export class TemplateDouble extends ServiceDouble {
  readonly bots = [{ id: 'shop', name: '@shop' }];
  /** Messages of both sides, in order. */
  readonly messages: Message[] = [];
  /** Customers who have blocked the bot. */
  readonly blocked = new Set<string>();

  constructor() {
    super('template-token');
    this.route({ call: 'account', method: 'GET', path: '/account', act: () => ({ name: 'Demo shop' }) });
    this.route({ call: 'bots', method: 'GET', path: '/bots', act: () => ({ bots: this.bots }) });
    this.route({
      ...{ call: 'send', method: 'POST', path: '/bots/:bot/chats/:chat/messages', body: SENT },
      act: ({ params, body }) =>
        this.send(params['bot'] ?? '', params['chat'] ?? '', body as Pick<Message, 'text' | 'answers'> & { reference: string }),
    });
    this.control('messages', WRITTEN, (message: Written) => void this.write(message));
  }

  /** A customer writes; his first message opens the chat. Returns the message's id. */
  write({ person, text, answers }: Written): string {
    const [bot] = this.bots;
    const message: Message = { ...this.name(), bot: bot?.id ?? '', chat: person, text, by: 'customer', ...(answers && { answers }) };
    this.messages.push(message);
    const { by: _, ...told } = message;
    this.post({ ...told, at: new Date().toISOString(), person: { id: person, name: person } });
    return message.id;
  }

  private send(bot: string, chat: string, { reference, text, answers }: Pick<Message, 'text' | 'answers'> & { reference: string }): object {
    const known = this.messages.find((one) => one.reference === reference);
    if (known) return { id: known.id };
    if (!this.messages.some((one) => one.bot === bot && one.chat === chat))
      throw new ServiceRefusal(404, 'no_chat', 'There is no such chat');
    if (this.blocked.has(chat)) throw new ServiceRefusal(409, 'blocked', 'The customer has blocked the bot');
    const message: Message = { ...this.name(), bot, chat, text, by: 'shop', reference, ...(answers && { answers }) };
    this.messages.push(message);
    return { id: message.id };
  }

  private name(): { id: string } {
    return { id: `m-${this.messages.length + 1}` };
  }
}

/** Starts one; `npm run double` finds it by this name. */
export function startDouble(options: DoubleOptions): Promise<TemplateDouble> {
  return new TemplateDouble().listen(options);
}
