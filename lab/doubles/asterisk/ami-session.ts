import { createHash } from 'node:crypto';
import type { Socket } from 'node:net';
import type { AsteriskFaults } from './asterisk-faults.js';
import type { Fields } from './double-channel.js';

/** A client's connection: reads actions, and writes replies and events. */
export class AmiSession {
  events = false;
  loggedIn = false;
  /** Issued once per session, as Asterisk does. */
  challenge: string | undefined;
  private text = '';

  constructor(
    readonly id: number,
    readonly socket: Socket,
    private readonly faults: AsteriskFaults,
  ) {}

  /** Reads the actions that a chunk completes. */
  *read(chunk: Buffer): Generator<Fields> {
    this.text += chunk.toString('utf8');
    for (let end = this.text.indexOf('\r\n\r\n'); end !== -1; end = this.text.indexOf('\r\n\r\n')) {
      const fields: Record<string, string> = {};
      for (const line of this.text.slice(0, end).split('\r\n')) {
        const colon = line.indexOf(':');
        const name = line.slice(0, colon).trim();
        const value = line.slice(colon + 1).trim();
        fields[name] = name in fields ? `${fields[name] ?? ''},${value}` : value;
      }
      this.text = this.text.slice(end + 4);
      yield fields;
    }
  }

  /** Writes a reply or an event. */
  write(fields: Fields): void {
    const lines = Object.entries(fields).map(([name, value]) => `${name}: ${value}\r\n`);
    this.writeText(`${lines.join('')}\r\n`);
  }

  /** Writes text that is not made of fields. */
  writeText(text: string): void {
    const bytes = Buffer.from(text);
    const size = this.faults.splitBytes ?? bytes.length;
    for (let at = 0; at < bytes.length; at += size) this.socket.write(bytes.subarray(at, at + size));
  }

  /** Whether a login proves the secret: by the session's challenge, or in plain. */
  proves(secret: string, { AuthType: type, Key: key, Secret: given }: Fields): boolean {
    if (type?.toUpperCase() !== 'MD5') return given === secret;
    if (this.challenge === undefined) return false;
    return (
      key ===
      createHash('md5')
        .update(this.challenge + secret)
        .digest('hex')
    );
  }
}
