import type { GatewayOrder } from './message-gateway-wire.js';

/** A module's bot in an account. */
export interface GatewayBot {
  readonly id: number;
  name: string;
  avatarUrl: string;
  roles: readonly string[];
  /** The newest last. */
  tokens: string[];
  /** Descriptions by the command's name. */
  readonly commands: Map<string, string>;
}

/** A module's registration with the gateway, as the CRM made it. */
export interface GatewayTransport {
  code: string;
  /** The newest last. */
  tokens: string[];
  /** The address of its webhooks. Undefined if it is not set yet. */
  webhookUrl: string | undefined;
  /** The client in the header of webhooks. Undefined for no header. */
  clientId: string | undefined;
  /** The module's bot, if it has one. */
  bot?: GatewayBot;
}

/** A channel's abilities: the features of each group next to its limits. */
export interface ChannelSettings {
  readonly [group: string]: unknown;
  readonly reactions?: { dictionary?: readonly string[]; max_count?: number };
  readonly sending_policy?: { new_customer?: string; after_reply_timeout?: string; outgoing?: string };
}

/** A client's request about a channel. */
export interface ChannelRequest {
  id?: number;
  type?: string;
  name?: string;
  external_id?: string;
  avatar_url?: string;
  settings?: ChannelSettings;
}

/** A channel of a transport. */
export interface GatewayChannel extends ChannelRequest {
  id: number;
  type: string;
  settings: ChannelSettings;
  transport: string;
  active: boolean;
  createdAt: string;
  updatedAt: string | null;
  activatedAt: string;
  deactivatedAt: string | null;
}

/** A customer of a channel, as last sent. */
export interface GatewayCustomer {
  external_id: string;
  nickname?: string;
  first_name?: string;
  last_name?: string;
  avatar?: string;
  [field: string]: unknown;
}

/** A customer's chat on a channel. */
export interface GatewayChat {
  id: number;
  channel: number;
  /** Empty until the messenger has one, in a chat that a manager begins. */
  externalId: string;
  customer: GatewayCustomer;
  /** After this time, the channel's policy decides what managers may write. */
  replyDeadline: string | null;
}

/** Why a message was not sent. */
export interface GatewayMessageError {
  /** One of a module's codes, or network_error, malformed_response, async_send_timeout, unknown. */
  code: string;
  message: string;
  external_code?: string;
}

/** A message of either side. */
export interface GatewayMessage {
  id: number;
  channel: number;
  chat: number;
  /** `in`: a module posted it; `out`: a manager wrote it. */
  direction: 'in' | 'out';
  originator: string;
  type: string;
  /** The module's id. Undefined for an outgoing message that is not sent yet. */
  externalId: string | undefined;
  /** The messenger's own id, from an acknowledgement. */
  transportMessageId?: string;
  text: string | null;
  note: string | null;
  items: readonly { id: string; caption?: string }[];
  product?: object;
  order?: GatewayOrder;
  suggestions?: readonly object[];
  /** The gateway's id of the message it answers. */
  quote: number | null;
  /** `created_at` as sent. */
  createdAt: string | null;
  time: string;
  status: 'sending' | 'sent' | 'received' | 'seen' | 'failed';
  /** An outgoing message whose result was promised for later. */
  waitsForAck: boolean;
  error: GatewayMessageError | null;
  edits: number;
  deleted: boolean;
  reactions: { by: 'customer' | 'user'; reaction: string }[];
  /** As bots see it: who wrote it, to whom, and in which dialog. */
  author?: { type: string; id: number };
  scope?: 'public' | 'private';
  dialog?: number;
  /** A part of a mass mailing, which bots see only on request. */
  isMass?: true;
  /** When it was last changed. Missing: never. */
  updatedAt?: string;
}
