/** Reads the port's id of a chat. Undefined for an id that is not MAX's. */
export function readChatId(chat: string | undefined): number | undefined {
  return chat !== undefined && /^-?\d{1,16}$/.test(chat) ? Number(chat) : undefined;
}

/** The port's id of the nth file of a message, of a kind that a message of the CRM cannot combine. */
export function toPartId(mid: string, number: number): string {
  return `${mid}:file:${number}`;
}

/** The port's id of a message about a new caption, which MAX itself has no message for. */
export function toCaptionId(mid: string, at: number): string {
  return `${mid}:caption:${at}`;
}

/** Reads the id of an answered message: of the message at MAX. Undefined for any other event. */
export function readAnsweredId(id: string | undefined): string | undefined {
  return id !== undefined && /^mid\./.test(id) ? id.replace(/:(file|caption):\d+$/, '') : undefined;
}
