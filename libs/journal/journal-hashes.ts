import { Injectable } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import { normalisePhone, SecretBox } from '#platform';
import { mayBeShown } from './mask/shown-fields.js';

const PURPOSE = 'journal phones';
const SUBJECT_PURPOSE = 'journal subjects';
/** A subject with a hidden id: `order:~` and a keyed hash of the id. */
const HIDDEN = /^[a-z]+:~[\w-]{16}$/;
/** Replaces the hash of a text that is not a phone. */
const NO_PHONE = '';
/** Maximum number of phones per row. */
const MOST = 10;
const LEAST_DIGITS = 7;
/** Maximum number of phones whose hashes are in memory. Senders and managers appear again and again. */
const MOST_KNOWN = 1_000;

/** Keyed hashes of phones, and of ids that may be personal. They find rows without revealing the phone. */
@Injectable()
export class JournalHashes {
  private readonly known = new LRUCache<string, string>({ max: MOST_KNOWN });

  constructor(private readonly box: SecretBox) {}

  /** Hashes phones in any notation. `country`: for numbers without a country code, ISO 3166-1 alpha-2. */
  hash(phones: Iterable<string>, country = ''): string[] {
    const hashes = new Set<string>();
    for (const phone of phones) {
      const hash = this.hashOne(phone, country);
      if (hash !== NO_PHONE) hashes.add(hash);
      if (hashes.size === MOST) break;
    }
    return [...hashes];
  }

  /** Id of the key that `keep` uses. */
  get keyId(): string {
    return this.box.keyIds[0] ?? '';
  }

  /** Returns a phone's hash with the id of its key, for rows kept long. Undefined if it is not a phone. */
  keep(phone: string, country = ''): string | undefined {
    const [hash] = this.hash([phone], country);
    return hash === undefined ? undefined : `${this.keyId}.${hash}`;
  }

  /** Returns the value of `keep` for a phone for each encryption key. */
  searchKept(phone: string, country = ''): string[] {
    return this.search(phone, country).map((hash, at) => `${this.box.keyIds[at]}.${hash}`);
  }

  private hashOne(phone: string, country: string): string {
    const key = `${country} ${phone}`;
    let hash = this.known.get(key);
    if (hash === undefined) {
      const normal = normalise(phone, country);
      hash = normal === undefined ? NO_PHONE : this.box.fingerprint(normal, PURPOSE);
      this.known.set(key, hash);
    }
    return hash;
  }

  /** Returns the hashes that find rows of a phone, one per encryption key. Empty if it is not a phone. */
  search(phone: string, country = ''): string[] {
    const normal = normalise(phone, country);
    return normal === undefined ? [] : this.box.fingerprints(normal, PURPOSE);
  }

  /** Returns a subject in the format of rows: with the id, or its hash if it may be personal or secret. */
  hideSubject(subject: string): string {
    return isPlainSubject(subject) ? subject : hide(subject, this.box.fingerprint(subject, SUBJECT_PURPOSE));
  }

  /** Returns the possible values of a subject in rows: the text, or a hash for each encryption key. */
  searchSubject(subject: string): string[] {
    if (isPlainSubject(subject)) return [subject];
    return this.box.fingerprints(subject, SUBJECT_PURPOSE).map((hash) => hide(subject, hash));
  }
}

/** Returns E.164 without the plus, or the digits. */
function normalise(phone: string, country: string): string | undefined {
  // Most phones are E.164 already, and the parser takes 20 microseconds.
  const text = /^\+[1-9]\d{9,14}$/.test(phone) ? phone : normalisePhone(phone, country);
  const digits = text?.replace('+', '');
  return digits !== undefined && digits.length >= LEAST_DIGITS ? digits : undefined;
}

function isPlainSubject(subject: string): boolean {
  return mayBeShown(subject.slice(subject.indexOf(':') + 1), ['id']) || HIDDEN.test(subject);
}

function hide(subject: string, hash: string): string {
  return `${subject.slice(0, subject.indexOf(':'))}:~${hash}`;
}
