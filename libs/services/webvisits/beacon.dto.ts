import { IsIn, IsNotEmpty, IsOptional, IsString, Matches, MaxLength } from 'class-validator';

/** The script's reports: a page view, still there, left, the visitor's chat, customer or order, erasure. */
export const BEACONS = ['page', 'ping', 'leave', 'link', 'customer', 'order', 'erase'] as const;

/** One beacon of the script (see README.md). */
export class BeaconDto {
  @IsIn([...BEACONS]) type!: (typeof BEACONS)[number];
  /** Made by the visitor's browser once he agreed: 128 random bits. */
  @Matches(/^[0-9a-f]{32}$/, { message: 'must be 32 hexadecimal digits' }) visitor!: string;
  /** Without it nothing is stored. Erasing needs none. */
  @IsOptional() @IsIn([true], { message: 'must be true: nothing is kept without it' }) consent?: true;
  @IsOptional() @IsString() @MaxLength(4000) url?: string;
  @IsOptional() @IsString() @MaxLength(1000) title?: string;
  @IsOptional() @IsString() @MaxLength(4000) referrer?: string;
  @IsOptional() @IsString() @MaxLength(50) lang?: string;
  /** The chat's id in the shop's chat service, as the CRM knows it. */
  @IsOptional() @IsString() @IsNotEmpty() @MaxLength(255) externalChatId?: string;
  /** The chat customer's id there. */
  @IsOptional() @IsString() @IsNotEmpty() @MaxLength(255) externalUserId?: string;
  /** Of a customer or an order: its id in the shop's own system. */
  @IsOptional() @IsString() @IsNotEmpty() @MaxLength(255) externalId?: string;
  /** Of an order: its number. */
  @IsOptional() @IsString() @IsNotEmpty() @MaxLength(255) number?: string;
  /** HMAC-SHA256 with the settings' key, in hex, of what README.md says; needed when that key is set. */
  @IsOptional() @Matches(/^[0-9a-f]{64}$/, { message: 'must be 64 hexadecimal digits' }) signature?: string;
}
