import type * as Bot from '@grammyjs/types';
import { Type } from 'class-transformer';
import { IsArray, IsBoolean, IsInt, IsNumber, IsOptional, IsString, Max, Min, ValidateNested } from 'class-validator';

/* What is read of Telegram's updates; the compiler holds the names to its own types. */

/** The last second that a date can hold. */
const LATEST = 8_640_000_000_000;

/** Whom a message names. */
export class WirePerson implements Pick<Bot.User, 'id'> {
  @IsInt() id!: number;
  @IsOptional() @IsString() first_name?: string;
  @IsOptional() @IsString() last_name?: string;
  @IsOptional() @IsString() username?: string;
  @IsOptional() @IsString() language_code?: string;
  @IsOptional() @IsBoolean() is_bot?: boolean;
}

/** Where; `private`: with one person, whose names it has. */
export class WireChat extends WirePerson implements Pick<Bot.Chat, 'id'> {
  @IsString() type!: string;
}

class WireReference implements Pick<Bot.Message, 'message_id'> {
  @IsInt() message_id!: number;
}

/** A message, whatever it holds. */
export class WireMessage implements Pick<Bot.Message, 'message_id' | 'date'> {
  @IsInt() message_id!: number;
  @IsInt() @Min(0) @Max(LATEST) date!: number;
  @IsOptional() @IsInt() @Min(0) @Max(LATEST) edit_date?: number;
  @IsOptional() @ValidateNested() @Type(() => WirePerson) from?: WirePerson;
  @ValidateNested() @Type(() => WireChat) chat!: WireChat;
  @IsOptional() @ValidateNested() @Type(() => WireReference) reply_to_message?: WireReference;
}

class WireCallback implements Pick<Bot.CallbackQuery, 'id'> {
  @IsString() id!: string;
  @ValidateNested() @Type(() => WirePerson) from!: WirePerson;
  @IsOptional() @ValidateNested() @Type(() => WireMessage) message?: WireMessage;
  @IsOptional() @IsString() data?: string;
}

class WireMember implements Pick<Bot.ChatMember, 'status'> {
  @IsString() status!: Bot.ChatMember['status'];
}

class WireMembership implements Pick<Bot.ChatMemberUpdated, 'date'> {
  @ValidateNested() @Type(() => WireChat) chat!: WireChat;
  @IsInt() @Min(0) @Max(LATEST) date!: number;
  @ValidateNested() @Type(() => WireMember) new_chat_member!: WireMember;
}

/** An update; at most one of its kinds is there. */
export class WireUpdate implements Pick<Bot.Update, 'update_id'> {
  @IsInt() update_id!: number;
  @IsOptional() @ValidateNested() @Type(() => WireMessage) message?: WireMessage;
  @IsOptional() @ValidateNested() @Type(() => WireMessage) edited_message?: WireMessage;
  @IsOptional() @ValidateNested() @Type(() => WireCallback) callback_query?: WireCallback;
  @IsOptional() @ValidateNested() @Type(() => WireMembership) my_chat_member?: WireMembership;
}

class WireEntity implements Pick<Bot.MessageEntity, 'offset' | 'length'> {
  @IsString() type!: string;
  @IsInt() offset!: number;
  @IsInt() length!: number;
  @IsOptional() @IsString() url?: string;
}

/** One size of a picture. */
export class WirePhoto implements Pick<Bot.PhotoSize, 'file_id'> {
  @IsString() file_id!: string;
  @IsOptional() @IsInt() file_size?: number;
}

/** A file of any kind: what some of them lack is missing. */
export class WireFile extends WirePhoto {
  @IsOptional() @IsString() file_name?: string;
  @IsOptional() @IsString() mime_type?: string;
  @IsOptional() @ValidateNested() @Type(() => WirePhoto) thumbnail?: WirePhoto;
  @IsOptional() @IsString() performer?: string;
  @IsOptional() @IsString() title?: string;
  @IsOptional() @IsString() emoji?: string;
  @IsOptional() @IsBoolean() is_animated?: boolean;
  @IsOptional() @IsBoolean() is_video?: boolean;
}

class WireContact implements Pick<Bot.Contact, 'phone_number' | 'first_name'> {
  @IsString() phone_number!: string;
  @IsString() first_name!: string;
  @IsOptional() @IsString() last_name?: string;
  @IsOptional() @IsInt() user_id?: number;
}

class WireLocation implements Pick<Bot.Location, 'latitude' | 'longitude'> {
  @IsNumber() latitude!: number;
  @IsNumber() longitude!: number;
}

class WireVenue implements Pick<Bot.Venue, 'title' | 'address'> {
  @IsString() title!: string;
  @IsString() address!: string;
}

/** A thing of which only the name is shown. */
class WireNamed {
  @IsOptional() @IsString() question?: string;
  @IsOptional() @IsString() title?: string;
  @IsOptional() @IsString() emoji?: string;
  @IsOptional() @IsInt() value?: number;
}

/** What a message holds, as far as it is shown. */
export class WireContent {
  @IsOptional() @IsString() text?: string;
  @IsOptional() @IsArray() @ValidateNested({ each: true }) @Type(() => WireEntity) entities?: WireEntity[];
  @IsOptional() @IsString() caption?: string;
  @IsOptional() @IsArray() @ValidateNested({ each: true }) @Type(() => WireEntity) caption_entities?: WireEntity[];
  @IsOptional() @IsArray() @ValidateNested({ each: true }) @Type(() => WirePhoto) photo?: WirePhoto[];
  @IsOptional() @ValidateNested() @Type(() => WireFile) animation?: WireFile;
  @IsOptional() @ValidateNested() @Type(() => WireFile) document?: WireFile;
  @IsOptional() @ValidateNested() @Type(() => WireFile) video?: WireFile;
  @IsOptional() @ValidateNested() @Type(() => WireFile) live_photo?: WireFile;
  @IsOptional() @ValidateNested() @Type(() => WireFile) video_note?: WireFile;
  @IsOptional() @ValidateNested() @Type(() => WireFile) voice?: WireFile;
  @IsOptional() @ValidateNested() @Type(() => WireFile) audio?: WireFile;
  @IsOptional() @ValidateNested() @Type(() => WireFile) sticker?: WireFile;
  @IsOptional() @ValidateNested() @Type(() => WireContact) contact?: WireContact;
  @IsOptional() @ValidateNested() @Type(() => WireVenue) venue?: WireVenue;
  @IsOptional() @ValidateNested() @Type(() => WireLocation) location?: WireLocation;
  @IsOptional() @ValidateNested() @Type(() => WireNamed) poll?: WireNamed;
  @IsOptional() @ValidateNested() @Type(() => WireNamed) dice?: WireNamed;
  @IsOptional() @ValidateNested() @Type(() => WireNamed) game?: WireNamed;
  @IsOptional() @ValidateNested() @Type(() => WireNamed) checklist?: WireNamed;
  @IsOptional() @ValidateNested() @Type(() => WireNamed) invoice?: WireNamed;
}
