import { Injectable } from '@nestjs/common';
import { normalisePhone, SecretBox } from '#platform';

const PURPOSE = 'journal phones';
/** Of one row. */
const MOST = 10;
const LEAST_DIGITS = 7;

/** Keyed hashes of phones: they find a phone's rows, and tell nobody the phone. */
@Injectable()
export class PhoneHashes {
  constructor(private readonly box: SecretBox) {}

  /** Hashes phones as they were written. `country`: of numbers without one, ISO 3166-1 alpha-2. */
  hash(phones: Iterable<string>, country = ''): string[] {
    const hashes = new Set<string>();
    for (const phone of phones) {
      const normal = normalise(phone, country);
      if (normal !== undefined) hashes.add(this.box.fingerprint(normal, PURPOSE));
      if (hashes.size === MOST) break;
    }
    return [...hashes];
  }

  /** The hashes by which rows of a phone are found, by each encryption key there is; none for no phone. */
  search(phone: string, country = ''): string[] {
    const normal = normalise(phone, country);
    return normal === undefined ? [] : this.box.fingerprints(normal, PURPOSE);
  }
}

/** E.164 without the plus, or the digits. */
function normalise(phone: string, country: string): string | undefined {
  // Most come as E.164; the parser takes 20 microseconds.
  const text = /^\+[1-9]\d{9,14}$/.test(phone) ? phone : normalisePhone(phone, country);
  const digits = text?.replace('+', '');
  return digits !== undefined && digits.length >= LEAST_DIGITS ? digits : undefined;
}
