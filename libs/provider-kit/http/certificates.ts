import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { rootCertificates } from 'node:tls';
import { buildConnector } from 'undici';

/** Certificates that are trusted for one host, besides the usual ones. */
export interface TrustedCertificates {
  /** Name or address, as in the URL. */
  host: string;
  /** Certificates of authorities in PEM. */
  certificates: readonly string[];
}

const CERTIFICATE = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g;

/** Reads a file of certificates in PEM. Throws Error if it cannot be read or contains no certificate. */
export function readCertificates(path: string): string[] {
  const found = readFileSync(path, 'utf8').match(CERTIFICATE) ?? [];
  if (found.length === 0) throw new Error('it contains no certificate in PEM');
  for (const one of found) new X509Certificate(one);
  return found;
}

/** The problem of an operator's setting with such a path, to follow its name. */
export function findCertificateProblem(path: string | undefined): string | undefined {
  if (path === undefined) return undefined;
  try {
    readCertificates(path);
    return undefined;
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    return `must be a file of certificates in PEM that this user can read (${code ?? message})`;
  }
}

/** Connects like undici. Only the given host may also have a certificate of the given authorities. */
export function connectTrusting({ host, certificates }: TrustedCertificates, timeout: number): buildConnector.connector {
  const usual = buildConnector({ timeout });
  // The list replaces the usual authorities, so they are part of it.
  const trusting = buildConnector({ timeout, ca: [...rootCertificates, ...certificates] });
  return (options, callback) => (options.hostname === host ? trusting : usual)(options, callback);
}
