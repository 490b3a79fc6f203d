import { open, realpath, stat } from 'node:fs/promises';
import { basename, join, normalize, posix, sep } from 'node:path';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { Agent, request } from 'undici';
import type { Reach } from '#platform';
import { type ByteRange, cutStream, ProviderError } from '#provider-kit';
import type { RecordFile } from '#telephony/port';
import { type AsteriskSettings, isBeneath } from './asterisk.settings.js';

/** A recording whose size is always known. */
type StoredRecord = Required<RecordFile>;

const TYPES: Readonly<Record<string, RecordFile['type']>> = { wav: 'audio/wav', mp3: 'audio/mpeg' };
/** What web servers call recordings; without a type of its own a file is an octet-stream. */
const AUDIO = /^(audio\/|application\/octet-stream\b|$)/i;
/** Bytes of a wave file before its sound, as Asterisk writes it. */
const WAV_HEAD = 44;
/** Less than a check may take. */
const ANSWER_MS = 3_000;
/** By reach; a process has one. */
const agents = new WeakMap<Reach, Agent>();

/** Finds recordings, in a folder or behind a web server, and nothing but recordings. */
export class Recordings {
  /** `root`: the operator's folder of recordings; without it there are none in folders. */
  constructor(
    private readonly settings: AsteriskSettings,
    private readonly root: string | undefined,
    private readonly reach: Reach,
  ) {}

  /**
   * Finds a recording by MixMonitor's name; undefined if missing, not .wav or .mp3, or outside the
   * recordings.
   * @throws ProviderError `unavailable` when folder or web server cannot be read
   */
  async find(file: string, signal: AbortSignal): Promise<StoredRecord | undefined> {
    const path = this.getPathBelow(file);
    const type = TYPES[/\.([a-z0-9]+)$/i.exec(file)?.[1]?.toLowerCase() ?? ''];
    if (path === undefined || !type) return undefined;
    const { recordingsFolder: folder } = this.settings;
    if (folder) return this.root !== undefined && isBeneath(folder) ? this.findInFolder(this.root, folder, path, type) : undefined;
    if (this.settings.recordingsUrl) return this.findOnServer(this.settings.recordingsUrl, path, type, signal);
    return undefined;
  }

  /**
   * A recording's length in seconds; undefined when there is none or its kind does not say. Throws as `find`.
   */
  async measure(file: string, signal: AbortSignal): Promise<number | undefined> {
    const found = await this.find(file, signal);
    if (found?.type !== 'audio/wav' || found.size < WAV_HEAD) return undefined;
    const head = await buffer(await found.open({ start: 0, end: WAV_HEAD - 1 }));
    const bytesPerSecond = head.toString('latin1', 8, 16) === 'WAVEfmt ' ? head.readUInt32LE(28) : 0;
    return bytesPerSecond > 0 ? (found.size - WAV_HEAD) / bytesPerSecond : undefined;
  }

  /** Whether a web server answers at the address of the recordings, with anything. */
  async answers(signal: AbortSignal): Promise<boolean> {
    const { recordingsUrl } = this.settings;
    if (!recordingsUrl) return false;
    try {
      const { body } = await this.ask(recordingsUrl, 'HEAD', undefined, AbortSignal.any([signal, AbortSignal.timeout(ANSWER_MS)]));
      body.on('error', () => undefined).resume();
      return true;
    } catch {
      return false;
    }
  }

  /** The name below the recordings; undefined when it leads out of them. */
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
      throw new ProviderError('unavailable', 'The folder of the recordings cannot be read.', { cause });
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
      throw new ProviderError('unavailable', 'The folder of the recordings cannot be read.', { cause: error });
    }
  }

  private async findOnServer(base: string, path: string, type: RecordFile['type'], signal: AbortSignal): Promise<StoredRecord | undefined> {
    const url = `${base.replace(/\/+$/, '')}/${path.split('/').map(encodeURIComponent).join('/')}`;
    const head = await this.ask(url, 'HEAD', undefined, signal);
    head.body.on('error', () => undefined).resume();
    const size = Number(head.headers['content-length']);
    if (head.statusCode === 404) return undefined;
    // An account must not read anything else at an address through us.
    const isAudio = AUDIO.test(String(head.headers['content-type'] ?? ''));
    if (head.statusCode !== 200 || !Number.isInteger(size) || !isAudio) throw makeUnavailableError();
    return {
      type,
      name: basename(path),
      size,
      open: async (range) => {
        const reply = await this.ask(url, 'GET', range, undefined);
        if (range && reply.statusCode === 206) return reply.body;
        if (reply.statusCode === 200) return cutStream(reply.body, range ?? getWholeRange(size));
        reply.body.on('error', () => undefined).destroy();
        throw makeUnavailableError();
      },
    };
  }

  private async ask(
    url: string,
    method: 'GET' | 'HEAD',
    range: ByteRange | undefined,
    signal: AbortSignal | undefined,
  ): ReturnType<typeof request> {
    try {
      return await request(url, {
        method,
        dispatcher: getAgent(this.reach),
        ...(signal && { signal }),
        ...(range && { headers: { range: `bytes=${range.start}-${range.end}` } }),
      });
    } catch (error) {
      throw makeUnavailableError(error);
    }
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
    throw new ProviderError('unavailable', 'The recording cannot be read.', { cause: error });
  }
}

function getAgent(reach: Reach): Agent {
  let agent = agents.get(reach);
  if (!agent) {
    agent = new Agent({ connections: 16, connect: reach.connector(2_000), headersTimeout: 5_000, bodyTimeout: 30_000 });
    agents.set(reach, agent);
  }
  return agent;
}

/** One text whatever is at the address: how it fails must not describe a network. */
function makeUnavailableError(cause?: unknown): ProviderError {
  const message = 'The web server of the recordings gives none: check its address, and that it gives them out as audio.';
  return new ProviderError('unavailable', message, cause === undefined ? {} : { cause });
}
