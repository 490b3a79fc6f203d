import { MOST_LINE, type RawLine, UnreadableFile } from './raw-line.js';

/** Reads NDJSON: one JSON object per line. Empty lines are skipped, and a bad line does not end the file. */
export async function* ndjsonLines(chunks: AsyncIterable<string>): AsyncGenerator<RawLine> {
  let line = 0;
  let rest = '';
  for await (const chunk of chunks) {
    const lines = (rest + chunk).split('\n');
    rest = lines.pop() ?? '';
    for (const text of lines) yield* itemOf(++line, text);
    if (rest.length > MOST_LINE) throw new UnreadableFile(line + 1, `is longer than ${MOST_LINE} characters`);
  }
  yield* itemOf(line + 1, rest);
}

/** Reads a JSON list item by item, whatever its layout. */
export async function* listItems(chunks: AsyncIterable<string>): AsyncGenerator<RawLine> {
  let place = 0;
  let text = '';
  let depth = 0;
  let inText = false;
  let escaped = false;
  for await (const chunk of chunks) {
    let from = 0;
    for (let at = 0; at < chunk.length; at++) {
      const character = chunk[at];
      if (inText) {
        if (escaped) escaped = false;
        else if (character === '\\') escaped = true;
        else if (character === '"') inText = false;
        continue;
      }
      if (character === '"') inText = true;
      else if (character === '[' || character === '{') {
        if (++depth === 1) from = at + 1;
      } else if (character === ']' || character === '}') depth--;
      if (depth === 0 ? character === ']' || character === '}' : depth === 1 && character === ',') {
        text += chunk.slice(from, at);
        // Text that is not an item, such as after the end of the list, is reported as a bad item.
        if (text.trim() !== '') yield* itemOf(++place, text);
        else if (character === ',') throw new UnreadableFile(place + 1, 'is missing before a comma');
        text = '';
        from = at + 1;
        if (depth === 0) {
          yield* afterList(place + 1, chunk.slice(from), chunks);
          return;
        }
      }
    }
    text += chunk.slice(from);
    if (text.length > MOST_LINE) throw new UnreadableFile(place + 1, `is longer than ${MOST_LINE} characters`);
  }
  throw new UnreadableFile(place + 1, 'is incomplete: the list has no end');
}

async function* afterList(place: number, rest: string, chunks: AsyncIterable<string>): AsyncGenerator<RawLine> {
  let more = rest.trim() !== '';
  for await (const chunk of chunks) more ||= chunk.trim() !== '';
  if (more) yield { line: place, problem: 'is after the end of the list' };
}

function* itemOf(line: number, text: string): Generator<RawLine> {
  if (text.trim() === '') return;
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    yield { line, problem: 'is not valid JSON' };
    return;
  }
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) yield { line, value };
  else yield { line, problem: 'is not a JSON object' };
}
