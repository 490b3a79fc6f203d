import type { HttpFault } from '../../double/faults.js';

/** The calls of the gateway's Transport API, by name. */
export const GATEWAY_CALLS = [
  'listChannels',
  'createChannel',
  'changeChannel',
  'deactivateChannel',
  'sendMessage',
  'sendHistory',
  'editMessage',
  'deleteMessage',
  'restoreMessage',
  'markRead',
  'markReadUntil',
  'acknowledge',
  'addReaction',
  'removeReaction',
  'uploadFile',
  'uploadFileByUrl',
  'getFile',
  'downloadFile',
] as const;
export type GatewayCall = (typeof GATEWAY_CALLS)[number];

/** What goes wrong with a call, besides what every HTTP service has. */
export type GatewayOwnFault =
  /** The token is not taken: 401, or 403 in that mode. Does nothing. */
  | { kind: 'unauthorized' }
  /** Answers that text, with 400 unless a status is given, and does nothing. */
  | { kind: 'refuse'; message: string; status?: number };
export type GatewayFault = HttpFault | GatewayOwnFault;

/** The gateway says no: a status and the texts of `{"errors": [...]}`, which has no codes. */
export class GatewayRefusal extends Error {
  readonly errors: readonly string[];

  constructor(errors: string | readonly string[], status = 400) {
    const texts = typeof errors === 'string' ? [errors] : errors;
    super(texts.join('; '));
    this.errors = texts;
    this.statusCode = status;
  }

  readonly statusCode: number;
}
