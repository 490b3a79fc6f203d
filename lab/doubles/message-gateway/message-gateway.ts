import type { FastifyRequest } from 'fastify';
import { hand } from '../../../libs/testing/double/control.js';
import { type Acts, Answer, type DoubleOptions, type Input } from '../../../libs/testing/double/rules.js';
import { object, type Schema, text, whole, type WireError } from '../../../libs/testing/double/wire.js';
import { chatMessage } from './bot-wire.js';
import type { ChannelRequest, GatewayChannel, GatewayMessage, GatewayTransport } from './gateway-records.js';
import type { GatewayFile } from './gateway-files.js';
import { GatewayManagers } from './gateway-managers.js';
import { MODES } from './gateway-modes.js';
import { GatewayRefusal } from './gateway-refusal.js';
import { type AckRequest, type GatewayCall, managerMessage, type MessageName, type MessageRequest, WIRE } from './message-gateway-wire.js';

/** Options for starting a double of the message gateway. */
export interface MessageGatewayOptions extends DoubleOptions {
  /** Token of the first transport. By default a fixed one. */
  token?: string;
  /** The client that the first transport's webhooks send in a header. By default none. */
  clientId?: string;
}

/**
 * The CRM's message gateway (Transport API v1) in memory, stricter than its clients. Tests play managers by
 * its methods, or under `/control` (README.md).
 */
export class MessageGateway extends GatewayManagers {
  private constructor({ token = 'cb8c0f7d5a1e4b62930d8e17a4f6c2905b3d7e81', clientId }: MessageGatewayOptions) {
    super({
      wire: WIRE,
      modes: MODES,
      bodyLimit: 32 * 1_024 * 1_024,
      unauthorized: () => new GatewayRefusal('Unauthorized', this.modes.unauthorizedStatus),
      failed: new GatewayRefusal('Internal error', 500),
      tooMany: (seconds) =>
        new GatewayRefusal('Too many requests', 429, this.modes.sendsRetryAfter ? { 'retry-after': String(seconds) } : undefined),
      refusalStatus: 400,
      toWrong: ({ keyword, ...wrong }, call, all) => {
        if (keyword === 'contentType') return new GatewayRefusal('Content-Type must be application/json');
        const { path } = wrong;
        if (!path.startsWith('$')) return new GatewayRefusal(`Wrong parameter ${path}`);
        const hasBody = WIRE.some((one) => one.call === call && 'body' in one);
        if (path === '$' && !hasBody) return new GatewayRefusal('The call must not have a body');
        if (keyword === 'json' || (path === '$' && keyword === 'required')) return new GatewayRefusal('The body must be object');
        // The Bot API's own words.
        if (keyword === 'required' && call.startsWith('bot')) return new GatewayRefusal(`${path.replace(/^.*\./, '')} is a required field`);
        return new GatewayRefusal(all.filter((one) => one.keyword !== 'anyOf').map(describeWrong));
      },
      writeRefusal: ({ code, message, details }) => {
        if (code === 'not_found') this.complain(message);
        return { errors: code === 'not_found' ? ['Not found'] : ((details as string[] | undefined) ?? [message]) };
      },
      findAccount: ({ headers, url }) =>
        url.startsWith('/api/bot/')
          ? this.bots.find(String(headers['x-bot-token']))
          : this.book.findTransport(String(headers['x-transport-token'])),
      hooks: {
        attempts: 3,
        isTaken: ({ status, timedOut }) => {
          const { repeats } = this.modes;
          return repeats === 'never' || !(timedOut || (repeats === 'after-failure' && (status === 0 || status >= 500)));
        },
        bend: ({ body }) => {
          const { type, data } = body as { type: string; data: object };
          return { body: { type, meta: { timestamp: Math.floor(Date.now() / 1_000) }, data } };
        },
        // A header contains at most the client.
        sign: ({ hook, flush }): Record<string, string> => {
          const { clientIdHeader: name } = this.modes;
          const { clientId: client } = this.findTransport(String(hook.about?.['transport']));
          const given = flush.forge ? `not ${client ?? ''}` : client;
          return name === 'none' || given === undefined ? {} : { [name]: given };
        },
        conclude: (hook, answer) => this.readAnswer(hook, answer),
      },
    });
    this.book.register({ code: 'first', token, ...(clientId && { clientId }) });
    this.serve(this.listActs());
    this.bots.attach(this.app.server);
  }

  /** Starts one on this machine. Throws when the port is taken. */
  static start(options: MessageGatewayOptions = {}): Promise<MessageGateway> {
    return new MessageGateway(options).listen(options);
  }

  override get settingsText(): string {
    return `token ${this.transport.tokens.at(-1)} of the first transport`;
  }

  override describe(): object {
    return {
      ...super.describe(),
      transports: this.accounts.map(({ code, webhookUrl = null, clientId = null }) => ({ code, webhookUrl, clientId })),
      ...{ duplicateChannels: this.duplicateChannels(), outOfOrder: this.outOfOrder(), complaints: this.complaints },
    };
  }

  /** Calls of bots have another limit. */
  protected override takeFault(
    ...[call, account, request]: Parameters<GatewayManagers['takeFault']>
  ): ReturnType<GatewayManagers['takeFault']> {
    const isOfBot = (one: string): boolean => one.startsWith('bot');
    const { botCallsPerSecond: most } = this.modes;
    if (account && most !== undefined && isOfBot(call) && this.isTooMany(this.accounts.indexOf(account), most, isOfBot))
      return { kind: 'rate-limit' };
    return super.takeFault(call, account, request);
  }

  /** Files are left out. */
  protected override look(request: FastifyRequest): unknown {
    return request.url.endsWith('/files/upload') ? undefined : super.look(request);
  }

  protected override listThings() {
    type Query = Readonly<Record<string, string>>;
    return {
      transports: () => this.accounts,
      channels: ({ transport }: Query) => this.channels(transport),
      chats: () => this.chats(),
      messages: ({ chat }: Query) => this.messages(chat),
      dialogs: () => this.bots.dialogs,
      files: () => this.book.files.map(({ bytes, ...file }) => ({ ...file, size: bytes.length })),
    };
  }

  protected override listHands() {
    const named = { message: whole() };
    const transport = { code: text(), 'token?': text(), 'webhookUrl?': text(), 'clientId?': text() };
    return {
      transports: hand(object(transport), (registration) => this.register(registration)),
      bots: hand(object({ code: text(), 'token?': text() }), (registration) => this.registerBot(registration)),
      write: hand(chatMessage, (message) => this.bots.write(message)),
      assign: hand(object({ chat: whole(), 'user?': whole() }), ({ chat, user }) => this.bots.assign(chat, user ?? null)),
      'close-dialog': hand(object({ chat: whole() }), ({ chat }) => this.bots.close(chat)),
      'drop-sockets': hand(object({}), () => this.bots.dropSockets()),
      files: hand(object({ base64: text(), 'mimeType?': text(), 'transport?': text() }), ({ base64, mimeType, transport: of }) => {
        const { id, type, mimeType: mime } = this.addFile(Buffer.from(base64, 'base64'), mimeType, of);
        return { id, type, mimeType: mime };
      }),
      send: hand(managerMessage, (message) => this.sendMessage(message)),
      edit: hand(object({ ...named, content: text() }), ({ message, content }) => this.editMessage(message, content)),
      delete: hand(object(named), ({ message }) => this.deleteMessage(message)),
      read: hand(object(named), ({ message }) => this.readMessage(message)),
      react: hand(object({ ...named, 'reaction?': text() }), ({ message, reaction }) => this.react(message, reaction)),
      events: hand(object({ type: text(), data: { type: 'object' } as Schema<object>, 'transport?': text() }), ({ type, data, ...where }) =>
        this.postEvent(type, data, where),
      ),
    };
  }

  private listActs(): Acts<typeof WIRE, GatewayTransport> {
    type Given = Input<GatewayTransport>;
    const { book, modes } = this;
    /** A call on an active channel, which its body names. */
    const onChannel =
      <Body>(act: (channel: GatewayChannel, body: Body) => object | null) =>
      ({ account, body }: Given): Answer => {
        const { channel, channel_id } = body as { channel?: number; channel_id?: number };
        return new Answer({ json: act(book.activeChannelOf(account, channel ?? channel_id ?? 0), body as Body) });
      };
    const findChannel = ({ account, id }: Given): GatewayChannel => {
      if (!/^\d{1,15}$/.test(id)) throw new GatewayRefusal('Channel not found');
      return book.channelOf(account, Number(id));
    };
    const acts: Readonly<Record<GatewayCall, (given: Given) => object | Promise<object>>> = {
      ...this.bots.acts,
      listChannels: ({ account, query: { active, limit = '100' } }) =>
        this.channels(account.code)
          .filter((one) => active === undefined || String(one.active) === active)
          .slice(0, Number(limit))
          .map(channelOut),
      createChannel: ({ account, body }) => {
        const { id, activatedAt, external_id } = book.addChannel(account, body as ChannelRequest);
        const isOlder = modes.replies === 'hand-written' && external_id !== undefined;
        return new Answer({ status: modes.createdStatus, json: { id, activated_at: activatedAt, ...(isOlder && { external_id }) } });
      },
      changeChannel: (given) => {
        const { id, updatedAt } = book.changeChannel(findChannel(given), given.body as ChannelRequest);
        return { id, updated_at: updatedAt };
      },
      deactivateChannel: (given) => {
        const { id, deactivatedAt } = book.deactivateChannel(findChannel(given));
        return { id, deactivated_at: deactivatedAt };
      },
      listTemplates: ({ account }) => this.listTemplates(account.code),
      activateTemplate: (given) => this.addTemplate(findChannel(given), given.body as { code: string; body?: string }),
      changeTemplate: (given) => {
        this.templateOf(findChannel(given), given.params['code'] ?? '', given.body as object);
        return {};
      },
      deactivateTemplate: (given) => {
        const { templates } = this.bots;
        templates.splice(templates.indexOf(this.templateOf(findChannel(given), given.params['code'] ?? '')), 1);
        return {};
      },
      sendMessage: onChannel<MessageRequest>((channel, body) => ({
        ...messageIdOut(book.postMessage(channel, body)),
        warnings: modes.warnings,
      })),
      editMessage: onChannel<{ message: MessageName & { text: string; edited_at?: number } }>((channel, body) => {
        const message = book.editMessage(channel, body.message);
        return modes.replies === 'generated' ? {} : messageIdOut(message);
      }),
      deleteMessage: onChannel<{ message: MessageName }>((channel, body) => {
        const { message, previous } = book.deleteMessage(channel, body.message);
        if (modes.replies === 'generated') return messageOut(message);
        return previous === undefined ? null : messageIdOut(previous);
      }),
      markRead: onChannel<{ message: MessageName }>((channel, body) => {
        book.markRead(channel, body.message);
        return {};
      }),
      markReadUntil: onChannel<{ customer_external_id: string; until: string }>((channel, body) => ({
        ids: book.markReadUntil(channel, body.customer_external_id, body.until).map(({ id }) => id),
      })),
      acknowledge: onChannel<AckRequest>((channel, body) => {
        book.acknowledge(channel, body);
        return {};
      }),
      addReaction: onChannel<{ message: MessageName; reaction: string }>((channel, body) => {
        book.addReaction(channel, body.message, body.reaction);
        return {};
      }),
      removeReaction: onChannel<{ message: MessageName; reaction?: string }>((channel, body) => {
        book.removeReaction(channel, body.message, body.reaction);
        return {};
      }),
      uploadFile: ({ account, body, request }) => {
        const contentType = request.headers['content-type'] ?? '';
        if (contentType.startsWith('multipart/')) throw new GatewayRefusal('The body must be the file itself');
        return uploadOut(book.addFile(account, Buffer.isBuffer(body) ? body : Buffer.alloc(0), contentType));
      },
      getFile: ({ account, id }) => {
        const { type, bytes, mimeType } = book.fileOf(account, id);
        return { id, type, size: bytes.length, mime_type: mimeType, [modes.fileUrlKey]: this.fileUrl(id) };
      },
      downloadFile: ({ id }) => {
        const file = book.files.find((one) => one.id === id);
        if (file === undefined) throw new GatewayRefusal('File not found', 404);
        return new Answer({ file: { type: file.mimeType, bytes: file.bytes } });
      },
    };
    return acts as Acts<typeof WIRE, GatewayTransport>;
  }
}

/** Describes a mistake: `message.type must be ...`. */
function describeWrong({ keyword, path, message }: WireError): string {
  const isNamed = keyword === 'additionalProperties' || keyword === 'required';
  const at = (isNamed ? path.replace(/\.?[^.]*$/, '') : path).replace(/^\$\.?/, '') || 'The body';
  if (keyword === 'additionalProperties') return `${at} has an unknown field "${path.split('.').at(-1)}"`;
  return keyword === 'pattern' ? `${at} is not valid` : `${at} ${message}`;
}

function channelOut(channel: GatewayChannel): object {
  const { id, type, name = null, external_id = null, avatar_url = null, settings, active } = channel;
  const { createdAt: created_at, updatedAt: updated_at, activatedAt: activated_at, deactivatedAt: deactivated_at } = channel;
  return { id, type, name, external_id, avatar_url, settings, is_active: active, created_at, updated_at, activated_at, deactivated_at };
}

function messageIdOut({ id, time }: GatewayMessage): object {
  return { message_id: id, time };
}

function messageOut({ id, externalId, channel, chat, type, text, note, time, status, deleted }: GatewayMessage): object {
  return {
    id,
    external_id: externalId ?? null,
    channel_id: channel,
    chat_id: chat,
    type,
    content: text ?? note,
    time,
    status,
    is_deleted: deleted,
  };
}

function uploadOut({ id, hash, type, meta, mimeType, bytes, createdAt }: GatewayFile): object {
  return { id, hash, type, meta, mime_type: mimeType, size: bytes.length, source_url: null, created_at: createdAt };
}
