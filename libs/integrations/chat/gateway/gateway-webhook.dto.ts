import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  IsArray,
  IsBoolean,
  IsInt,
  IsNotEmpty,
  IsNumber,
  IsOptional,
  IsString,
  MaxLength,
  Min,
  ValidateNested,
} from 'class-validator';
import { getParser } from '#platform';
import { TemplateContentDto, TemplateDeleteDto, TemplateUpdateDto, TemplateUseDto } from './gateway-template.dto.js';

/*
 * The gateway's webhooks in its own format. They contain texts of customers and managers, which are never
 * logged.
 */

/** An amount. The currency is an ISO 4217 code. */
export class GatewayMoneyDto {
  @IsNumber() value!: number;
  @IsOptional() @IsString() @MaxLength(10) currency?: string;
}

/** A product that a manager sends. */
export class GatewayProductDto {
  @IsOptional() @IsInt() id?: number;
  @IsString() @MaxLength(2000) name!: string;
  @IsOptional() @IsString() @MaxLength(2000) article?: string;
  @IsOptional() @IsString() @MaxLength(4096) url?: string;
  @IsOptional() @IsString() @MaxLength(4096) img?: string;
  @IsOptional() @ValidateNested() @Type(() => GatewayMoneyDto) cost?: GatewayMoneyDto;
  @IsOptional() @IsString() @MaxLength(255) unit?: string;
}

/** An order's status. The gateway may send only the code or only the name. */
export class GatewayOrderStatusDto {
  @IsOptional() @IsString() @MaxLength(255) code?: string;
  @IsOptional() @IsString() @MaxLength(2000) name?: string;
}

/** Delivery of an order. */
export class GatewayOrderDeliveryDto {
  @IsOptional() @IsString() @MaxLength(2000) name?: string;
  @IsOptional() @ValidateNested() @Type(() => GatewayMoneyDto) price?: GatewayMoneyDto;
  @IsOptional() @IsString() @MaxLength(65_535) address?: string;
  @IsOptional() @IsString() @MaxLength(65_535) comment?: string;
}

/** Status of a payment. The gateway spells it `payed`. One of its clients uses `paid`. */
export class GatewayPaymentStatusDto {
  @IsOptional() @IsString() @MaxLength(2000) name?: string;
  @IsOptional() @IsBoolean() payed?: boolean;
  @IsOptional() @IsBoolean() paid?: boolean;
}

/** A payment of an order. */
export class GatewayPaymentDto {
  @IsOptional() @IsString() @MaxLength(2000) name?: string;
  @IsOptional() @ValidateNested() @Type(() => GatewayMoneyDto) amount?: GatewayMoneyDto;
  @IsOptional() @ValidateNested() @Type(() => GatewayPaymentStatusDto) status?: GatewayPaymentStatusDto;
}

/** Quantity of an item. */
export class GatewayQuantityDto {
  @IsNumber() value!: number;
  @IsOptional() @IsString() @MaxLength(255) unit?: string;
}

/** An item of an order. */
export class GatewayOrderItemDto {
  @IsOptional() @IsString() @MaxLength(2000) name?: string;
  @IsOptional() @IsString() @MaxLength(4096) url?: string;
  @IsOptional() @IsString() @MaxLength(4096) img?: string;
  @IsOptional() @ValidateNested() @Type(() => GatewayQuantityDto) quantity?: GatewayQuantityDto;
  @IsOptional() @ValidateNested() @Type(() => GatewayMoneyDto) price?: GatewayMoneyDto;
}

/** An order that a manager sends. */
export class GatewayOrderDto {
  @IsOptional() @IsString() @MaxLength(255) number?: string;
  @IsOptional() @IsInt() external_id?: number;
  @IsOptional() @IsString() @MaxLength(4096) url?: string;
  /** RFC 3339. */
  @IsOptional() @IsString() @MaxLength(100) date?: string;
  @IsOptional() @ValidateNested() @Type(() => GatewayMoneyDto) cost?: GatewayMoneyDto;
  @IsOptional() @ValidateNested() @Type(() => GatewayMoneyDto) discount?: GatewayMoneyDto;
  @IsOptional() @ValidateNested() @Type(() => GatewayOrderStatusDto) status?: GatewayOrderStatusDto;
  @IsOptional() @ValidateNested() @Type(() => GatewayOrderDeliveryDto) delivery?: GatewayOrderDeliveryDto;
  @IsOptional()
  @IsArray()
  @ArrayMaxSize(1000)
  @ValidateNested({ each: true })
  @Type(() => GatewayPaymentDto)
  payments?: GatewayPaymentDto[];
  @IsOptional()
  @IsArray()
  @ArrayMaxSize(1000)
  @ValidateNested({ each: true })
  @Type(() => GatewayOrderItemDto)
  items?: GatewayOrderItemDto[];
}

/** A file of a message, by its id at the gateway. */
export class GatewayItemDto {
  @IsString() @IsNotEmpty() @MaxLength(255) id!: string;
  /** In bytes. */
  @IsOptional() @IsInt() size?: number;
  @IsOptional() @IsString() @MaxLength(65_535) caption?: string;
}

/** A button under a message. */
export class GatewaySuggestionDto {
  @IsString() @MaxLength(255) type!: string;
  @IsOptional() @IsString() @MaxLength(2000) title?: string;
  @IsOptional() @IsString() @MaxLength(2000) payload?: string;
}

/** Attachments of a message. */
export class GatewayAttachmentsDto {
  @IsOptional()
  @IsArray()
  @ArrayMaxSize(100)
  @ValidateNested({ each: true })
  @Type(() => GatewaySuggestionDto)
  suggestions?: GatewaySuggestionDto[];
}

/** The place of an event. */
export class GatewayPlaceDto {
  @IsInt() @Min(1) channel_id!: number;
  /** The customer's id at the messenger. */
  @IsString() @IsNotEmpty() @MaxLength(255) external_user_id!: string;
  /** Missing or empty in a chat that a manager starts. */
  @IsOptional() @IsString() @MaxLength(255) external_chat_id?: string;
}

/** `data` of `message_sent`. The type is text, image, file, audio, product, order, or a later one. */
export class MessageSentDto extends GatewayPlaceDto {
  /** The gateway's id of the message. */
  @IsInt() @Min(1) id!: number;
  @IsString() @IsNotEmpty() @MaxLength(255) type!: string;
  /** The text of the message, or its caption. */
  @IsOptional() @IsString() @MaxLength(100_000) content?: string;
  @IsOptional() @IsString() @MaxLength(255) quote_external_id?: string;
  @IsOptional() @IsArray() @ArrayMaxSize(100) @ValidateNested({ each: true }) @Type(() => GatewayItemDto) items?: GatewayItemDto[];
  @IsOptional() @ValidateNested() @Type(() => GatewayProductDto) product?: GatewayProductDto;
  @IsOptional() @ValidateNested() @Type(() => GatewayOrderDto) order?: GatewayOrderDto;
  @IsOptional() @ValidateNested() @Type(() => GatewayAttachmentsDto) attachments?: GatewayAttachmentsDto;
  /** `content` is then its filled-in text. */
  @IsOptional() @ValidateNested() @Type(() => TemplateUseDto) template?: TemplateUseDto;
}

/** `data` of `message_deleted` and `message_read`. */
export class MessageNamedDto extends GatewayPlaceDto {
  /** Our id of the message. */
  @IsString() @IsNotEmpty() @MaxLength(255) external_message_id!: string;
}

/** `data` of `message_updated`. */
export class MessageUpdatedDto extends MessageNamedDto {
  @IsOptional() @IsString() @MaxLength(255) type?: string;
  @IsOptional() @IsString() @MaxLength(100_000) content?: string;
  @IsOptional() @ValidateNested() @Type(() => GatewayProductDto) product?: GatewayProductDto;
  @IsOptional() @ValidateNested() @Type(() => GatewayOrderDto) order?: GatewayOrderDto;
  @IsOptional() @ValidateNested() @Type(() => GatewayAttachmentsDto) attachments?: GatewayAttachmentsDto;
}

/** `data` of `reaction_add` and `reaction_delete`. */
export class ReactionChangedDto extends MessageNamedDto {
  @IsOptional() @IsString() @MaxLength(255) new_reaction?: string;
  @IsOptional() @IsString() @MaxLength(255) old_reaction?: string;
}

class GatewayWebhookDto {
  @IsString() @IsNotEmpty() @MaxLength(255) type!: string;
}

/** A supported webhook. */
export type GatewayEvent =
  | { type: 'message_sent'; data: MessageSentDto }
  | { type: 'message_updated'; data: MessageUpdatedDto }
  | { type: 'message_deleted' | 'message_read'; data: MessageNamedDto }
  | { type: 'reaction_add' | 'reaction_delete'; data: ReactionChangedDto }
  | TemplateEvent;

/** A manager creates, changes or deletes a template. */
export type TemplateEvent =
  | { type: 'template_create'; data: TemplateContentDto }
  | { type: 'template_update'; data: TemplateUpdateDto }
  | { type: 'template_delete'; data: TemplateDeleteDto };

const envelope = getParser(GatewayWebhookDto);
const DATA: Readonly<Record<GatewayEvent['type'], { parse(value: unknown): object }>> = {
  message_sent: getParser(MessageSentDto),
  message_updated: getParser(MessageUpdatedDto),
  message_deleted: getParser(MessageNamedDto),
  message_read: getParser(MessageNamedDto),
  reaction_add: getParser(ReactionChangedDto),
  reaction_delete: getParser(ReactionChangedDto),
  template_create: getParser(TemplateContentDto),
  template_update: getParser(TemplateUpdateDto),
  template_delete: getParser(TemplateDeleteDto),
};

/**
 * Reads a webhook's body. Returns undefined if the type is not supported. Throws BadInputError if it cannot
 * be read. The error's messages contain nothing from the body.
 */
export function readGatewayEvent(rawBody: Uint8Array): GatewayEvent | undefined {
  const text = new TextDecoder().decode(rawBody);
  const { type } = envelope.parseJson(text, 'webhook');
  if (!Object.hasOwn(DATA, type)) return undefined;
  const { data } = JSON.parse(text) as { data?: unknown };
  return { type, data: DATA[type as GatewayEvent['type']].parse(data ?? {}) } as GatewayEvent;
}
