import { csvLines } from './csv-lines.js';
import { listItems, ndjsonLines } from './json-lines.js';
import { joined, MOST_LINE, type RawLine, UnreadableFile } from './raw-line.js';

/**
 * Streams stock lines of JSON, NDJSON or CSV, distinguished by the first character. An unreadable remainder
 * ends in a last line with a problem.
 */
export async function* rawLines(file: AsyncIterable<Uint8Array>): AsyncGenerator<RawLine> {
  const chunks = textOf(file);
  try {
    let start = '';
    while (start.trim() === '') {
      const next = await chunks.next();
      if (next.done) return;
      start = start.slice(-MOST_LINE) + next.value;
    }
    const all = joined(start, chunks);
    if (start.trimStart().startsWith('[')) yield* listItems(all);
    else if (start.trimStart().startsWith('{')) yield* ndjsonLines(all);
    else yield* csvLines(all);
  } catch (error) {
    if (!(error instanceof UnreadableFile)) throw error;
    yield { line: error.line, problem: error.message };
  }
}

async function* textOf(file: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  let line = 1;
  const decode = (bytes?: Uint8Array): string => {
    try {
      return bytes ? decoder.decode(bytes, { stream: true }) : decoder.decode();
    } catch {
      throw new UnreadableFile(line, 'or a line soon after it is not UTF-8 text');
    }
  };
  for await (const bytes of file) {
    const text = decode(bytes);
    line += text.split('\n').length - 1;
    if (text !== '') yield text;
  }
  const rest = decode();
  if (rest !== '') yield rest;
}
