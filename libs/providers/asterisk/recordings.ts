import { open, realpath, stat } from 'node:fs/promises';
import { basename, join, normalize, posix, sep } from 'node:path';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { type ByteRange, type HttpStream, makeError, ProviderError, Service } from '#provider-kit';
import type { RecordFile } from '#telephony/port';
import { type AsteriskContext, type AsteriskSettings, isBeneath } from './asterisk.settings.js';
import { texts } from './asterisk.texts.js';

/** A recording whose size is always known. */
type StoredRecord = Required<RecordFile>;

const TYPES: Readonly<Record<string, RecordFile['type']>> = { wav: 'audio/wav', mp3: 'audio/mpeg' };
/** The types of recordings at web servers. A file of unknown type is an octet-stream. */
const AUDIO = /^(audio\/|application\/octet-stream\b|$)/i;
/** Bytes of a wave file before its sound, as Asterisk writes it. */
const WAV_HEAD = 44;
/** Less than a check may take. */
const ANSWER_MS = 3_000;

/** The web server of an account's recordings. */
const server = new Service<AsteriskContext>({
  ...{ name: 'Asterisk', url: ({ settings }) => (settings.recordingsUrl ?? '').replace(/\/+$/, ''), isAccountAddress: true },
  http: { headersTimeoutMs: 5_000, bodyTimeoutMs: 30_000, connections: 16, readRetries: 0 },
});

/** Finds recordings, in a folder or behind a web server, and nothing but recordings. */
export class Recordings {
  private readonly settings: AsteriskSettings;

  /** `root`: the operator's folder of recordings. Without it there are none in folders. */
  constructor(
    private readonly context: AsteriskContext,
    private readonly root: string | undefined,
  ) {
    this.settings = context.settings;
  }

  /**
   * Finds a recording by MixMonitor's name. Undefined if missing, not .wav or .mp3, or outside the
   * recordings.
   * @throws ProviderError `unavailable` when folder or web server cannot be read
   */
  async find(file: string, signal: AbortSignal): Promise<StoredRecord | undefined> {
    const path = this.getPathBelow(file);
    const type = TYPES[/\.([a-z0-9]+)$/i.exec(file)?.[1]?.toLowerCase() ?? ''];
    if (path === undefined || !type) return undefined;
    const { recordingsFolder: folder } = this.settings;
    if (folder) return this.root !== undefined && isBeneath(folder) ? this.findInFolder(this.root, folder, path, type) : undefined;
    if (this.settings.recordingsUrl) return this.findOnServer(path, type, signal);
    return undefined;
  }

  /**
   * A recording's length in seconds. Undefined when there is none or its format does not contain it. Throws
   * as `find`.
   */
  async measure(file: string, signal: AbortSignal): Promise<number | undefined> {
    const found = await this.find(file, signal);
    if (found?.type !== 'audio/wav' || found.size < WAV_HEAD) return undefined;
    const head = await buffer(await found.open({ start: 0, end: WAV_HEAD - 1 }));
    const bytesPerSecond = head.toString('latin1', 8, 16) === 'WAVEfmt ' ? head.readUInt32LE(28) : 0;
    return bytesPerSecond > 0 ? (found.size - WAV_HEAD) / bytesPerSecond : undefined;
  }

  /** Whether a web server sends any reply at the address of the recordings. */
  async answers(signal: AbortSignal): Promise<boolean> {
    try {
      const brief = AbortSignal.any([signal, AbortSignal.timeout(ANSWER_MS)]);
      (await server.stream(`${server.getUrl(this.context)}/`, this.context, { signal: brief })).body.destroy();
      return true;
    } catch (error) {
      return error instanceof ProviderError && error.kind === 'auth';
    }
  }

  /** The name below the recordings. Undefined when it leads out of them. */
  private getPathBelow(file: string): string | undefined {
    const root = `${posix.normalize(this.settings.recordingsPath).replace(/\/+$/, '')}/`;
    const clean = posix.normalize(file);
    const path = clean.startsWith('/') ? (clean.startsWith(root) ? clean.slice(root.length) : undefined) : clean;
    if (path === undefined || path === '' || /[\0\\]/.test(path) || path.split('/').includes('..')) return undefined;
    return path;
  }

  private async findInFolder(root: string, folder: string, path: string, type: RecordFile['type']): Promise<StoredRecord | undefined> {
    // Links are followed first: none may lead out of the operator's folder or the connection's.
    const base = await realpath(root).catch((cause: unknown) => {
      throw makeError('unavailable', texts.folderAway, { cause });
    });
    try {
      const own = await realpath(join(base, folder));
      const full = await realpath(join(own, normalize(path)));
      if (!own.startsWith(base + sep) || !full.startsWith(own + sep)) return undefined;
      const found = await stat(full);
      if (!found.isFile()) return undefined;
      return {
        type,
        name: basename(full),
        size: found.size,
        open: (range) => readPart(full, range ?? getWholeRange(found.size)),
      };
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code === 'ENOENT' || code === 'ENOTDIR' || code === 'EACCES' || code === 'ELOOP' || code === 'ENAMETOOLONG') return undefined;
      throw makeError('unavailable', texts.folderAway, { cause: error });
    }
  }

  private async findOnServer(path: string, type: RecordFile['type'], signal: AbortSignal): Promise<StoredRecord | undefined> {
    const url = `${server.getUrl(this.context)}/${path.split('/').map(encodeURIComponent).join('/')}`;
    // The first byte shows the length.
    const first = await this.openOnServer(url, { start: 0, end: 0 }, signal);
    first.body.destroy();
    const { status, size } = first;
    if (status === 404) return undefined;
    if (size === undefined) throw makeError('unavailable', texts.noRecordings);
    const open = async (range = getWholeRange(size)): Promise<Readable> => {
      // A recording may play for any time.
      const found = await this.openOnServer(url, range, null);
      if (found.status < 400) return found.body;
      throw makeError('unavailable', texts.noRecordings);
    };
    return { ...{ type, name: basename(path), size }, open };
  }

  /** Opens a recording. All failures have the same text: it must not describe a network. */
  private async openOnServer(url: string, range: ByteRange, signal: AbortSignal | null): Promise<HttpStream> {
    const found = await server.stream(url, this.context, { range, signal }).catch((cause: unknown) => {
      throw makeError('unavailable', texts.noRecordings, { cause });
    });
    // An account must not read anything else at an address through us.
    if (found.status === 404 || (found.status < 400 && AUDIO.test(found.headers['content-type'] ?? ''))) return found;
    found.body.destroy();
    throw makeError('unavailable', texts.noRecordings);
  }
}

/** All bytes of the announced size: a recording may still grow, and no more than that may be sent. */
function getWholeRange(size: number): ByteRange {
  return { start: 0, end: size - 1 };
}

async function readPart(file: string, { start, end }: ByteRange): Promise<Readable> {
  if (end < start) return Readable.from([]);
  try {
    return (await open(file)).createReadStream({ start, end });
  } catch (error) {
    throw makeError('unavailable', texts.recordAway, { cause: error });
  }
}
