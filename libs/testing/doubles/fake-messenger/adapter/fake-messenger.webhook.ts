import { Type } from 'class-transformer';
import { IsArray, IsBoolean, IsIn, IsInt, IsISO8601, IsOptional, IsString, ValidateNested } from 'class-validator';
import type { InMessage, MessengerEvent } from '#chat/port';
import { equalInConstantTime, getParser } from '#platform';
import { ProviderError, type ProviderWebhook } from '#provider-kit';
import type { FakeMessengerSettings } from './fake-messenger.settings.js';

/** Header with the secret of the messenger's webhooks. */
const SECRET_HEADER = 'x-messenger-secret';

class WireCustomer {
  @IsString() id!: string;
  @IsString() nickname!: string;
  @IsOptional() @IsString() firstName?: string;
}

class WireMedia {
  @IsString() id!: string;
  @IsString() name!: string;
  @IsString() type!: string;
  @IsInt() size!: number;
}

class WireEvent {
  @IsString() id!: string;
  @IsString() bot!: string;
  @IsString() chat!: string;
  @IsISO8601() at!: string;
  @IsIn(['message', 'edit', 'delete', 'read', 'reaction', 'blocked', 'unblocked']) type!: MessengerEvent['type'];
  @IsOptional() @IsString() message?: string;
  @IsOptional() @ValidateNested() @Type(() => WireCustomer) customer?: WireCustomer;
  @IsOptional() @IsString() text?: string;
  @IsOptional() @IsString() quote?: string;
  @IsOptional() @IsArray() @ValidateNested({ each: true }) @Type(() => WireMedia) files?: WireMedia[];
  @IsOptional() @IsString() emoji?: string;
  @IsOptional() @IsBoolean() removed?: boolean;
}

/** What the messenger posts: a secret in a header, one event in the body. */
export const webhook: ProviderWebhook<FakeMessengerSettings, MessengerEvent> = {
  verify: ({ headers }, { settings }) => equalInConstantTime(headers[SECRET_HEADER] ?? '', settings.webhookSecret),
  parse: ({ rawBody }) => [toEvent(readEvent(rawBody))],
  reply: () => ({ status: 200, body: '' }),
};

function readEvent(rawBody: Uint8Array): WireEvent {
  try {
    return getParser(WireEvent).parseJson(new TextDecoder().decode(rawBody), 'webhook');
  } catch (cause) {
    throw new ProviderError('invalid', 'This is no event of the fake messenger', { cause });
  }
}

function toEvent(wire: WireEvent): MessengerEvent {
  const { id, bot: account, chat, at, type, message = '', customer, text = '', emoji = '', removed } = wire;
  const common = { id, account, chat, at: new Date(at) };
  switch (type) {
    case 'message':
      if (!customer) throw new ProviderError('invalid', 'A message has no customer');
      return { ...common, type, message: toMessage(wire), customer };
    case 'edit':
      return { ...common, type, message, text };
    case 'delete':
      return { ...common, type, message };
    case 'read':
      return { ...common, type, message };
    case 'reaction':
      return { ...common, type, message, emoji, ...(removed !== undefined && { removed }) };
    default:
      return { ...common, type };
  }
}

function toMessage({ message = '', text, quote, files = [] }: WireEvent): InMessage {
  return {
    id: message,
    kind: files.length === 0 ? 'text' : files.every((file) => file.type.startsWith('image/')) ? 'image' : 'file',
    ...(text !== undefined && { text }),
    ...(quote !== undefined && { quote }),
    ...(files.length > 0 && { media: files.map((file) => ({ ref: file.id, name: file.name, type: file.type, size: file.size })) }),
  };
}
