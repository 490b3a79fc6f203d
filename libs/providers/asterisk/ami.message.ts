/** A message of the Asterisk Manager Interface. A name may have several values (`Output`, `Variable`). */
export class AmiMessage {
  constructor(private readonly fields: ReadonlyMap<string, readonly string[]>) {}

  /** The value of a name in any case. Empty values and Asterisk's `<unknown>` count as missing. */
  get(name: string): string | undefined {
    const value = this.fields.get(name.toLowerCase())?.[0];
    return value === undefined || value === '' || value === '<unknown>' || value === '<null>' ? undefined : value;
  }

  /** All values of a name, unchanged. */
  all(name: string): readonly string[] {
    return this.fields.get(name.toLowerCase()) ?? [];
  }

  has(name: string): boolean {
    return this.fields.has(name.toLowerCase());
  }
}

/** More than Asterisk ever sends in one message: beyond it is not a manager interface. */
const MOST_BYTES = 4 * 1024 * 1024;
const LF = 0x0a;
const CR = 0x0d;

/** Bytes that are not messages of the manager interface. */
export class AmiFormatError extends Error {}

/**
 * Puts messages together from bytes that come in pieces of any size. Reads both forms of a command's output:
 * `Output:` lines, and the older `Response: Follows` whose text ends with `--END COMMAND--`.
 */
export class AmiParser {
  private rest: Buffer = Buffer.alloc(0);
  private lines: string[] = [];
  /** Within the output of an old-style command, which may hold blank lines. */
  private following = false;
  private bytes = 0;
  private bannerSeen = false;

  /** Accepts bytes. Returns the messages, and the banner line, that they completed. Throws AmiFormatError. */
  push(chunk: Buffer): { banner?: string; messages: AmiMessage[] } {
    const data = this.rest.length === 0 ? chunk : Buffer.concat([this.rest, chunk]);
    const messages: AmiMessage[] = [];
    let banner: string | undefined;
    let start = 0;
    for (let end = data.indexOf(LF, start); end !== -1; end = data.indexOf(LF, start)) {
      const line = data.toString('utf8', start, end > start && data[end - 1] === CR ? end - 1 : end);
      this.bytes += end - start;
      start = end + 1;
      if (!this.bannerSeen) {
        this.bannerSeen = true;
        banner = line;
        this.bytes = 0;
        continue;
      }
      const message = this.take(line);
      if (message) messages.push(message);
    }
    this.rest = data.subarray(start);
    if (this.bytes + this.rest.length > MOST_BYTES) throw new AmiFormatError('a message is longer than any of the manager interface');
    return { ...(banner !== undefined && { banner }), messages };
  }

  private take(line: string): AmiMessage | undefined {
    if (this.following) {
      if (!line.endsWith('--END COMMAND--')) {
        this.lines.push(`Output: ${line}`);
        return undefined;
      }
      const last = line.slice(0, -'--END COMMAND--'.length);
      if (last !== '') this.lines.push(`Output: ${last}`);
      this.following = false;
      return undefined;
    }
    if (line !== '') {
      this.lines.push(line);
      // The heads of an old-style reply are Response, Privilege and ActionID. Output begins after them.
      if (this.lines[0]?.toLowerCase() === 'response: follows' && !/^(response|privilege|actionid): /i.test(line)) {
        this.lines.pop();
        this.following = true;
        return this.take(line);
      }
      return undefined;
    }
    const lines = this.lines;
    this.lines = [];
    this.bytes = 0;
    return lines.length === 0 ? undefined : toMessage(lines);
  }
}

function toMessage(lines: readonly string[]): AmiMessage {
  const fields = new Map<string, string[]>();
  for (const line of lines) {
    const colon = line.indexOf(':');
    if (colon <= 0) continue;
    const name = line.slice(0, colon).trim().toLowerCase();
    // Of output every blank counts, after the one that ends the name.
    const value = name === 'output' ? line.slice(colon + 1).replace(/^ /, '') : line.slice(colon + 1).trim();
    const values = fields.get(name);
    if (values) values.push(value);
    else fields.set(name, [value]);
  }
  return new AmiMessage(fields);
}

/** The fields of an action. */
export type AmiFields = Readonly<Record<string, string | number | readonly string[] | undefined>>;

/** Writes an action. Throws RangeError for a value that would end its line and begin another. */
export function encodeAction(fields: AmiFields): string {
  let text = '';
  for (const [name, value] of Object.entries(fields)) {
    if (value === undefined) continue;
    for (const one of Array.isArray(value) ? (value as readonly string[]) : [String(value)]) {
      if (/[\r\n\0]/.test(one)) throw new RangeError(`${name} holds a line break`);
      text += `${name}: ${one}\r\n`;
    }
  }
  return `${text}\r\n`;
}
