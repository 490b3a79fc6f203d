import type { Readable } from 'node:stream';

/** A downloaded file. Read `stream` once or call `discard`. Until then the connection stays occupied. */
export class CrmFile {
  constructor(
    /** The file's name from `Content-Disposition`, without any folder. Undefined if the CRM sends none. */
    readonly name: string | undefined,
    /** The media type, such as `application/pdf`. */
    readonly type: string,
    /** In bytes, if the CRM sends the size. */
    readonly size: number | undefined,
    readonly stream: Readable,
  ) {}

  /** Returns all bytes. Throws an error if there are more than `limit` (default: 64 MiB). */
  async bytes(limit = 64 * 1024 * 1024): Promise<Buffer> {
    const chunks: Buffer[] = [];
    let size = 0;
    for await (const chunk of this.stream as AsyncIterable<Buffer>) {
      size += chunk.length;
      if (size > limit) throw new RangeError(`The file is larger than ${limit} bytes`);
      chunks.push(chunk);
    }
    return Buffer.concat(chunks);
  }

  /** Drops the bytes and frees the connection. */
  discard(): void {
    this.stream.on('error', () => undefined).destroy();
  }
}

/** Returns the file name in a `Content-Disposition` header (RFC 6266, `filename*` first), without folders. */
export function parseFileName(header: string | undefined): string | undefined {
  if (!header) return undefined;
  const extended = /;\s*filename\*\s*=\s*utf-8''([^;\s]+)/i.exec(header);
  if (extended?.[1]) {
    try {
      return baseName(decodeURIComponent(extended[1]));
    } catch {
      // The value is not percent-encoded UTF-8, so the plain name is used.
    }
  }
  const plain = /;\s*filename\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^;\s]+))/i.exec(header);
  const name = plain?.[1]?.replace(/\\(.)/g, '$1') ?? plain?.[2];
  return name === undefined ? undefined : baseName(utf8(name));
}

/** Header bytes arrive as Latin-1. A name that was sent as UTF-8 is decoded. */
function utf8(name: string): string {
  const bytes = Buffer.from(name, 'latin1');
  if (bytes.toString('latin1') !== name) return name;
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return name;
  }
}

function baseName(name: string): string | undefined {
  const base = name.split(/[/\\]/).at(-1);
  return base === '' || base === '.' || base === '..' ? undefined : base;
}
