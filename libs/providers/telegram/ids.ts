/** A message. The port's id for it is `{chat}:{message}`, as Telegram starts counting in each chat. */
export interface MessageAddress {
  chat: number;
  message: number;
}

/** The port's id of a message. */
export function toMessageId(chat: number | string, message: number): string {
  return `${chat}:${message}`;
}

/** Reads the port's id of a message. Undefined for an id that is not Telegram's. */
export function readMessageId(id: string): MessageAddress | undefined {
  const [, chat, message] = /^(-?\d{1,16}):(\d{1,10})$/.exec(id) ?? [];
  return chat === undefined ? undefined : { chat: Number(chat), message: Number(message) };
}

/** Reads the port's id of a chat. Undefined for an id that is not Telegram's. */
export function readChatId(chat: string | undefined): number | undefined {
  return chat !== undefined && /^-?\d{1,16}$/.test(chat) ? Number(chat) : undefined;
}

/** The port's id of a message about a new caption, which Telegram itself has no message for. */
export function toCaptionId(chat: number, message: number, updateId: number): string {
  return `${toMessageId(chat, message)}:caption:${updateId}`;
}

/** Reads the id of an answered message. For a caption, the id of the message with the files. */
export function readAnsweredId(id: string): MessageAddress | undefined {
  return readMessageId(id.replace(/:caption:\d+$/, ''));
}
