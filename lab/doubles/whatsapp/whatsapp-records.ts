import type { DoubleAccount } from '../../../libs/testing/double/rules.js';

/** A person with WhatsApp. */
export interface WhatsAppPerson {
  /** The phone number, digits only. */
  readonly phone: string;
  /** The business-scoped user id. */
  userId: string;
  name: string;
  username: string | undefined;
  /** Whether businesses are not shown the phone number. */
  hidesPhone: boolean;
  /** Numbers that the person has blocked, by id. */
  readonly blocked: Set<string>;
}

/** A file at Meta: uploaded by a business, or sent by a person. */
export interface WhatsAppFile {
  readonly id: string;
  readonly bytes: Buffer;
  readonly mimeType: string;
  readonly name: string | undefined;
  readonly sha256: string;
  /** The number that may read or send it. */
  readonly number: string;
}

/** The content of a person's message. `raw`: anything, as in a webhook. */
export type WhatsAppContent =
  | { kind: 'text'; text: string }
  | { kind: 'image' | 'video' | 'audio' | 'document' | 'sticker'; bytes: Buffer; mimeType: string; name?: string; caption?: string }
  | { kind: 'raw'; type: string; value: object };

/** A message of either side. */
export interface WhatsAppKept {
  readonly id: string;
  readonly number: string;
  readonly by: 'person' | 'business';
  readonly person: WhatsAppPerson;
  readonly type: string;
  /** The object of its type, as the API or a webhook has it. */
  readonly value: Readonly<Record<string, unknown>>;
  readonly text: string;
  readonly file: WhatsAppFile | undefined;
  readonly quote: string | undefined;
  /** The client's data, which each status of the message returns. */
  readonly trace: string | undefined;
  /** The reported statuses, in order. */
  readonly statuses: string[];
  /** A reaction of the business. */
  reaction: string | undefined;
  /** Whether the business has shown that it was read. */
  read: boolean;
  /** Seconds since 1970. */
  sentAt: number;
}

/** A number of a business account. */
export interface WhatsAppNumber {
  readonly id: string;
  readonly display_phone_number: string;
  verified_name: string;
  status: string;
  quality_rating: string;
  code_verification_status: string;
  messaging_limit_tier: string;
}

/** A template of a business account, in the form of the API. */
export interface WhatsAppTemplate {
  readonly id: string;
  readonly name: string;
  readonly language: string;
  category: string;
  status: string;
  components: WhatsAppComponent[];
  rejected_reason: string;
  quality_score: { score: string };
  parameter_format: string;
}

/** A part of a template. */
export interface WhatsAppComponent {
  type: string;
  format?: string;
  text?: string;
  example?: object;
  buttons?: { type: string; text: string; url?: string; phone_number?: string; example?: string[] }[];
}

/** A business account, and the app whose token calls the API. */
export interface WhatsAppBusiness extends DoubleAccount {
  readonly id: string;
  readonly name: string;
  readonly token: string;
  readonly appId: string;
  readonly appSecret: string;
  readonly numbers: WhatsAppNumber[];
  templates: WhatsAppTemplate[];
  /** The subscribed apps, with their own address for this account. */
  apps: { id: string; name: string; override: string | undefined }[];
}
