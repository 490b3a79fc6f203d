import { Readable } from 'node:stream';

/** Bytes of a file, both ends included. */
export interface ByteRange {
  start: number;
  end: number;
}

/** Returns these bytes of a stream, if it has them. The stream is destroyed once they are read. */
export function cutStream(body: Readable, { start, end }: ByteRange): Readable {
  async function* cut(): AsyncGenerator<Buffer, void> {
    let at = 0;
    for await (const chunk of body as AsyncIterable<Buffer>) {
      const [from, to] = [Math.max(start - at, 0), Math.min(end + 1 - at, chunk.length)];
      if (from < to) yield chunk.subarray(from, to);
      at += chunk.length;
      if (at > end) return;
    }
  }
  // Its reader may come later. The failure waits for the reader.
  body.on('error', () => undefined);
  // A reader that gives up before the first byte never starts the loop above.
  return Readable.from(cut(), { objectMode: false }).once('close', () => body.destroy());
}
