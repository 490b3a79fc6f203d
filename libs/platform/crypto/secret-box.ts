import { createCipheriv, createDecipheriv, createHash, createHmac, hkdfSync, randomBytes } from 'node:crypto';
import { equalInConstantTime } from './crypto.js';

/** A ciphertext that cannot be opened: unknown key, changed bytes, or bound to something else. */
export class SecretBoxError extends Error {}

const FINGERPRINT_LENGTH = 16;

interface Key {
  id: string;
  encryption: Buffer;
  signing: Buffer;
}

/**
 * Encrypts secrets at rest (AES-256-GCM) with the key's id, for rotation, and a context (connection and
 * field), so that a ciphertext moved to another row does not open.
 */
export class SecretBox {
  private readonly keys: Key[];

  /**
   * `keys`: 32 bytes each, base64 or hex, comma-separated. The first encrypts and signs, all decrypt and
   * verify.
   * @throws SecretBoxError for an unusable key
   */
  constructor(keys: string) {
    this.keys = keys
      .split(',')
      .map((text) => text.trim())
      .filter((text) => text !== '')
      .map(readKey);
    if (this.keys.length === 0) throw new SecretBoxError('ENCRYPTION_KEY is empty. Make one with `openssl rand -base64 32`');
  }

  /** Ids of the keys, the encrypting key first. An id reveals nothing about its key. */
  get keyIds(): string[] {
    return this.keys.map(({ id }) => id);
  }

  /** Encrypts a text (as UTF-8), or bytes, for `context`. Returns `v1.<key id>.<base64url>`. */
  seal(plaintext: string | Uint8Array, context: string): string {
    const key = this.first();
    const iv = randomBytes(12);
    const cipher = createCipheriv('aes-256-gcm', key.encryption, iv).setAAD(Buffer.from(context));
    const sealed = Buffer.concat([iv, cipher.update(toBytes(plaintext)), cipher.final(), cipher.getAuthTag()]);
    return `v1.${key.id}.${sealed.toString('base64url')}`;
  }

  /** Whether the value was sealed with one of these keys. Does not check its context. */
  hasKeyFor(sealed: string): boolean {
    return this.keys.some(({ id }) => id === sealed.split('.')[1]);
  }

  /** Opens a text that `seal` got for the same context. Throws SecretBoxError. */
  open(sealed: string, context: string): string {
    return this.openBytes(sealed, context).toString();
  }

  /** Opens a value that `seal` returned for the same context. Throws SecretBoxError. */
  openBytes(sealed: string, context: string): Buffer {
    const [version, keyId, body] = sealed.split('.');
    const key = this.keys.find((candidate) => candidate.id === keyId);
    if (version !== 'v1' || !key || !body) throw new SecretBoxError(`no ENCRYPTION_KEY opens this secret (key ${keyId ?? 'unknown'})`);
    const bytes = Buffer.from(body, 'base64url');
    try {
      const decipher = createDecipheriv('aes-256-gcm', key.encryption, bytes.subarray(0, 12))
        .setAAD(Buffer.from(context))
        .setAuthTag(bytes.subarray(bytes.length - 16));
      const plaintext = decipher.update(bytes.subarray(12, bytes.length - 16));
      // It has nothing to add in this mode: it throws for a text that was changed.
      decipher.final();
      return plaintext;
    } catch (cause) {
      throw new SecretBoxError('a stored secret was changed or belongs to something else', { cause });
    }
  }

  /** Whether `sealed` was made with a key that is no longer the first. */
  isStale(sealed: string): boolean {
    return sealed.split('.')[1] !== this.first().id;
  }

  /** A signed, readable token. It is not encrypted: `payload` must not hold a dot-separated secret. */
  sign(payload: string, purpose: string): string {
    return `${Buffer.from(payload).toString('base64url')}.${this.signature(this.first(), payload, purpose)}`;
  }

  /** The payload of a token that `sign` made for the same purpose, undefined for any other text. */
  verify(token: string, purpose: string): string | undefined {
    const [encoded, signature, ...more] = token.split('.');
    if (!encoded || !signature || more.length > 0) return undefined;
    const payload = Buffer.from(encoded, 'base64url').toString();
    // The decoder skips invalid base64url characters: one payload would have many spellings.
    if (Buffer.from(payload).toString('base64url') !== encoded) return undefined;
    return this.keys.some((key) => equalInConstantTime(this.signature(key, payload, purpose), signature)) ? payload : undefined;
  }

  /** A keyed hash to find a text without storing it: 96 bits, as 16 characters. */
  fingerprint(text: string, purpose: string): string {
    return this.signature(this.first(), text, purpose).slice(0, FINGERPRINT_LENGTH);
  }

  /** The fingerprints of a text by each key, so that values stored before a rotation are found too. */
  fingerprints(text: string, purpose: string): string[] {
    return this.keys.map((key) => this.signature(key, text, purpose).slice(0, FINGERPRINT_LENGTH));
  }

  private signature(key: Key, payload: string, purpose: string): string {
    return createHmac('sha256', key.signing).update(`${purpose}\n${payload}`).digest('base64url');
  }

  private first(): Key {
    const key = this.keys[0];
    if (!key) throw new SecretBoxError('there is no ENCRYPTION_KEY');
    return key;
  }
}

function toBytes(plaintext: string | Uint8Array): Uint8Array {
  return typeof plaintext === 'string' ? Buffer.from(plaintext) : plaintext;
}

function readKey(text: string): Key {
  const bytes = /^[0-9a-fA-F]{64}$/.test(text) ? Buffer.from(text, 'hex') : Buffer.from(text, 'base64');
  if (bytes.length !== 32)
    throw new SecretBoxError('each ENCRYPTION_KEY must be 32 bytes as base64 or hex. Make one with `openssl rand -base64 32`');
  return {
    id: createHash('sha256').update(bytes).digest('hex').slice(0, 8),
    encryption: Buffer.from(hkdfSync('sha256', bytes, '', 'encryption', 32)),
    signing: Buffer.from(hkdfSync('sha256', bytes, '', 'signing', 32)),
  };
}
