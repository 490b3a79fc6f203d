import { createHash, randomBytes } from 'node:crypto';
import { Refusal } from '../../../libs/testing/double/refusal.js';
import { badRequest } from './telegram-objects.js';
import type { TelegramUpload } from './telegram-params.js';
import { readImage, readSoundType, sampleJpeg } from './telegram-samples.js';

/** The role of a file in a message. */
export type TelegramFileKind = 'photo' | 'document' | 'animation' | 'video' | 'video_note' | 'voice' | 'audio' | 'sticker';

/** A file of either side. */
export interface TelegramFile {
  readonly kind: TelegramFileKind;
  /** The same for every bot. It does not allow a download. */
  readonly uniqueId: string;
  /** Size in bytes. The bytes of a file that cannot be downloaded need not exist. */
  readonly size: number;
  readonly bytes: Buffer | undefined;
  readonly name?: string | undefined;
  readonly mimeType?: string | undefined;
  readonly width?: number | undefined;
  readonly height?: number | undefined;
  /** Milliseconds before each piece when it is downloaded. */
  readonly paceMs: number;
  /** Its other fields in messages, such as `duration`. */
  readonly about?: object;
  /** Smaller versions of the picture, ascending. */
  readonly smaller: readonly TelegramFile[];
}

/** A file to add. */
export interface TelegramFileToAdd {
  kind: TelegramFileKind;
  bytes?: Uint8Array | undefined;
  /** For a file without bytes. */
  size?: number | undefined;
  name?: string | undefined;
  mimeType?: string | undefined;
  width?: number | undefined;
  height?: number | undefined;
  paceMs?: number | undefined;
  about?: object;
}

/** The error about a file that cannot be found or fetched. */
export const WRONG_FILE = 'wrong file identifier/HTTP URL specified';

/** Maximum number of bytes of an uploaded photo, and of a photo fetched by its address. */
export const MOST_PHOTO_BYTES = 10_485_760;
export const MOST_PHOTO_URL_BYTES = 5_000_000;
/** Most bytes that a bot sends, and those it fetches by address, and downloads. */
export const MOST_UPLOAD_BYTES = 50_000_000;
export const MOST_DOWNLOAD_BYTES = 20_000_000;
const FOLDERS: Readonly<Record<TelegramFileKind, string>> = {
  ...{ photo: 'photos', document: 'documents', animation: 'animations', video: 'videos', video_note: 'video_notes' },
  ...{ voice: 'voice', audio: 'music', sticker: 'stickers' },
};

/** All files. A file has another id for each bot, and its address is good for a while. */
export class TelegramFiles {
  private readonly ids = new Map<string, { bot: number; file: TelegramFile }>();
  private readonly paths = new Map<string, { bot: number; file: TelegramFile; until: number }>();
  private count = 0;
  /** Seconds that an address of a file is good for. */
  pathSeconds = 3_600;

  constructor(private readonly now: () => number) {}

  /** Adds a file. A picture's size is read if possible. */
  add({ kind, bytes, size, name, mimeType, width, height, paceMs = 0, about }: TelegramFileToAdd): TelegramFile {
    const buffer = bytes && Buffer.from(bytes);
    const image = buffer && readImage(buffer);
    const [wide, high] = [width ?? image?.width, height ?? image?.height];
    return {
      ...{ kind, bytes: buffer, size: buffer?.length ?? size ?? 0, name, paceMs, ...(about && { about }) },
      uniqueId: buffer ? createHash('sha256').update(kind).update(buffer).digest('base64url').slice(0, 15) : `size${size}${++this.count}`,
      ...{ mimeType: mimeType ?? image?.mimeType, width: wide, height: high },
      smaller: kind === 'photo' ? this.addSmaller(wide ?? 0, high ?? 0) : [],
    };
  }

  /** Adds a file that a bot sends, as a document if its kind does not fit. Throws Refusal. */
  addUpload(kind: TelegramFileKind, { name, mimeType, bytes }: Omit<TelegramUpload, 'part'>): TelegramFile {
    if (bytes.length === 0) throw badRequest('file must be non-empty');
    if (bytes.length > MOST_UPLOAD_BYTES) throw new Refusal(413, '', 'Request Entity Too Large');
    const type = mimeType === '' || mimeType === 'application/octet-stream' ? undefined : mimeType;
    if (kind === 'photo') {
      if (bytes.length > MOST_PHOTO_BYTES)
        throw badRequest(`file of size ${bytes.length} bytes is too big for a photo; the maximum size is ${MOST_PHOTO_BYTES} bytes`);
      const image = readImage(bytes);
      if (!image) throw badRequest('IMAGE_PROCESS_FAILED');
      const { width, height } = image;
      if (width + height > 10_000 || Math.max(width, height) > 20 * Math.min(width, height)) throw badRequest('PHOTO_INVALID_DIMENSIONS');
      return this.add({ kind, bytes });
    }
    const sound = readSoundType(bytes);
    if (kind === 'voice' && sound !== undefined) return this.add({ kind, bytes, mimeType: sound, about: { duration: 3 } });
    if (kind === 'audio' && sound !== undefined && sound !== 'audio/ogg')
      return this.add({ kind, bytes, name, mimeType: sound, about: { duration: 3 } });
    return this.add({ kind: 'document', bytes, name, mimeType: type ?? 'application/octet-stream' });
  }

  /** Its id for a bot. */
  idOf(bot: number, file: TelegramFile): string {
    for (const [id, one] of this.ids) if (one.bot === bot && one.file === file) return id;
    // Longer than most columns that were made for short ones.
    const id = `${file.kind === 'photo' ? 'AgAC' : 'BQAC'}${randomBytes(51).toString('base64url')}`;
    this.ids.set(id, { bot, file });
    return id;
  }

  /** Throws Refusal when the id is not this bot's. */
  find(bot: number, id: string): TelegramFile {
    const found = this.ids.get(id);
    if (found?.bot !== bot) throw badRequest(WRONG_FILE);
    return found.file;
  }

  /** Its path, a new one when the last is no longer good. Throws Refusal when it is too big. */
  pathOf(bot: number, file: TelegramFile): string {
    if (file.size > MOST_DOWNLOAD_BYTES || file.bytes === undefined) throw badRequest('file is too big');
    for (const [path, one] of this.paths) if (one.bot === bot && one.file === file && one.until > this.now()) return path;
    const path = `${FOLDERS[file.kind]}/file_${++this.count}${/\.\w+$/.exec(file.name ?? '')?.[0] ?? ''}`;
    this.paths.set(path, { bot, file, until: this.now() + this.pathSeconds * 1_000 });
    return path;
  }

  /** The file at a path. Undefined when there is none, or no longer. */
  open(bot: number, path: string): TelegramFile | undefined {
    const found = this.paths.get(path);
    return found?.bot === bot && found.until > this.now() ? found.file : undefined;
  }

  clear(): void {
    this.ids.clear();
    this.paths.clear();
    this.pathSeconds = 3_600;
  }

  /** A file as messages show it. */
  show(bot: number, file: TelegramFile): object {
    const { size, name, mimeType, width, height, kind, about, uniqueId } = file;
    return {
      ...{ file_id: this.idOf(bot, file), file_unique_id: uniqueId, file_size: size },
      ...(kind !== 'photo' && kind !== 'sticker' && mimeType !== undefined && { mime_type: mimeType }),
      ...(name !== undefined && kind !== 'photo' && kind !== 'voice' && kind !== 'video_note' && { file_name: name }),
      ...(width !== undefined && ['photo', 'video', 'animation', 'sticker'].includes(kind) && { width, height }),
      ...about,
    };
  }

  /** All sizes of a photo, ascending. */
  showSizes(bot: number, file: TelegramFile): object[] {
    return [...file.smaller, file].map((one) => this.show(bot, one));
  }

  private addSmaller(width: number, height: number): TelegramFile[] {
    return [90, 320].flatMap((edge) => {
      const scale = edge / Math.max(width, height, 1);
      const [wide, high] = [Math.max(1, Math.round(width * scale)), Math.max(1, Math.round(height * scale))];
      if (scale >= 1) return [];
      const bytes = sampleJpeg(wide, high);
      const uniqueId = `small${++this.count}`;
      return [{ kind: 'photo', uniqueId, size: bytes.length, bytes, width: wide, height: high, paceMs: 0, smaller: [] } as TelegramFile];
    });
  }
}

/** Fetches a file by its address, as Telegram does for bots. Throws Refusal. */
export async function fetchFile(kind: TelegramFileKind, url: string): Promise<Omit<TelegramUpload, 'part'>> {
  try {
    const reply = await fetch(url, { signal: AbortSignal.timeout(5_000) });
    if (!reply.ok) throw new Error(`status ${reply.status}`);
    const bytes = Buffer.from(await reply.arrayBuffer());
    const mimeType = (reply.headers.get('content-type') ?? '').split(';')[0] ?? '';
    const most = kind === 'photo' ? MOST_PHOTO_URL_BYTES : MOST_DOWNLOAD_BYTES;
    const mayBeSent = kind !== 'document' || ['application/pdf', 'application/zip', 'image/gif'].includes(mimeType);
    if (bytes.length > most || !mayBeSent) throw new Error('cannot be sent');
    return { name: new URL(url).pathname.split('/').at(-1) ?? 'file', mimeType, bytes };
  } catch {
    throw badRequest(kind === 'photo' ? 'failed to get HTTP URL content' : WRONG_FILE);
  }
}
