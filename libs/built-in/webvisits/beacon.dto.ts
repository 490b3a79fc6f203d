import { IsIn, IsNotEmpty, IsOptional, IsString, Matches, MaxLength } from 'class-validator';

/** The script's reports: a page view, presence, leaving, the visitor's chat, customer or order, erasure. */
export const BEACONS = ['page', 'ping', 'leave', 'link', 'customer', 'order', 'erase'] as const;

/** One beacon of the script (see README.md). */
export class BeaconDto {
  @IsIn([...BEACONS]) type!: (typeof BEACONS)[number];
  /** Created by the visitor's browser after their consent: 128 random bits. */
  @Matches(/^[0-9a-f]{32}$/, { message: 'must be 32 hexadecimal digits' }) visitor!: string;
  /** Nothing is stored without consent. Erasing does not need consent. */
  @IsOptional() @IsIn([true], { message: 'must be true, because nothing is stored without consent' }) consent?: true;
  @IsOptional() @IsString() @MaxLength(4000) url?: string;
  @IsOptional() @IsString() @MaxLength(1000) title?: string;
  @IsOptional() @IsString() @MaxLength(4000) referrer?: string;
  @IsOptional() @IsString() @MaxLength(50) lang?: string;
  /** The CRM's id of the chat in the shop's chat service. */
  @IsOptional() @IsString() @IsNotEmpty() @MaxLength(255) externalChatId?: string;
  /** The chat customer's id there. */
  @IsOptional() @IsString() @IsNotEmpty() @MaxLength(255) externalUserId?: string;
  /** For a customer or an order: its id in the shop's own system. */
  @IsOptional() @IsString() @IsNotEmpty() @MaxLength(255) externalId?: string;
  /** For an order: its number. */
  @IsOptional() @IsString() @IsNotEmpty() @MaxLength(255) number?: string;
  /**
   * HMAC-SHA256 with the key in the settings, in hex, over the text in README.md. Required if that key is
   * set.
   */
  @IsOptional() @Matches(/^[0-9a-f]{64}$/, { message: 'must be 64 hexadecimal digits' }) signature?: string;
}
