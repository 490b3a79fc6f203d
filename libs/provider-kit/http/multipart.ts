import { randomUUID } from 'node:crypto';
import { Readable } from 'node:stream';
import { makeError, ProviderError } from '../provider-error.js';
import { texts } from '../provider-kit.texts.js';

/** A file of a form. */
export interface UploadedFile {
  field: string;
  /** `type`: a media type. `open` opens the file from its beginning. */
  media: { name: string; type: string; open(): Promise<Readable> };
}

/**
 * Makes a form of the parameters and the files. The first file is opened before anything is sent, each other
 * one when it is its turn. A file that cannot be opened or read ends the form unfinished, so nothing is sent.
 * @throws ProviderError of the file
 */
export async function openForm(
  parameters: object,
  files: readonly UploadedFile[],
): Promise<{ body: Readable; headers: Record<string, string> }> {
  const boundary = `crossdock-${randomUUID()}`;
  const [first] = files;
  const opened = new Set<Readable>();
  const open = async ({ media }: UploadedFile): Promise<Readable> => {
    const stream = await media.open();
    stream.on('error', () => undefined);
    opened.add(stream);
    return stream;
  };
  const firstStream = first && (await open(first));

  async function* write(): AsyncGenerator<Uint8Array | string> {
    for (const [name, value] of Object.entries(parameters)) {
      if (value === undefined) continue;
      yield `--${boundary}\r\ncontent-disposition: form-data; name="${name}"\r\n\r\n${typeof value === 'object' ? JSON.stringify(value) : value}\r\n`;
    }
    for (const file of files) {
      const { name, type } = file.media;
      const disposition = `form-data; name="${file.field}"; filename="${quote(name)}"`;
      yield `--${boundary}\r\ncontent-disposition: ${disposition}\r\ncontent-type: ${quote(type)}\r\n\r\n`;
      yield* readFile(file === first && firstStream ? firstStream : await open(file));
      yield '\r\n';
    }
    yield `--${boundary}--\r\n`;
  }

  const body = Readable.from(write(), { objectMode: false });
  body.once('close', () => opened.forEach((stream) => stream.destroy()));
  return { body, headers: { 'content-type': `multipart/form-data; boundary=${boundary}` } };
}

async function* readFile(stream: Readable): AsyncGenerator<Uint8Array> {
  try {
    for await (const chunk of stream) yield chunk as Uint8Array;
  } catch (cause) {
    throw cause instanceof ProviderError ? cause : makeError('unavailable', texts.fileUnread, { cause });
  }
}

/** As browsers write names into a form. */
function quote(name: string): string {
  return name.replaceAll('"', '%22').replaceAll(/[\r\n]+/g, ' ');
}
