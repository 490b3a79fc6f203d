import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { findCertificateProblem, readCertificates, type TrustedCertificates } from './certificates.js';
import { HttpClient } from './http-client.js';

/* A certificate that signs itself, for localhost and 127.0.0.1, made for this spec. */
const KEY = `-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQg6A4/qZcvcbeRPnC/
9E6SE1guh86rZilmW0l8+BlE6SOhRANCAAS4gjoGVfPGuKa11nAu4yiUnEiCHkCl
lpmXcqVgTtwgJmdgWfpNPotW0rMl+l7EmTLiYtpzAeSGWW24UtWHzUTx
-----END PRIVATE KEY-----`;
const CERTIFICATE = `-----BEGIN CERTIFICATE-----
MIIBpTCCAUugAwIBAgIUTyl6JVWrxaI6SNk2FRVKOBYljVwwCgYIKoZIzj0EAwIw
GTEXMBUGA1UEAwwOQ3Jvc3Nkb2NrIHNwZWMwIBcNMjYxMjAyMjAwODQ1WhgPMjEy
NjExMDgyMDA4NDVaMBkxFzAVBgNVBAMMDkNyb3NzZG9jayBzcGVjMFkwEwYHKoZI
zj0CAQYIKoZIzj0DAQcDQgAEuII6BlXzxrimtdZwLuMolJxIgh5ApZaZl3KlYE7c
ICZnYFn6TT6LVtKzJfpexJky4mLacwHkhlltuFLVh81E8aNvMG0wHQYDVR0OBBYE
FP/uCrWbCzK3l/va97OfrsuoWUyzMB8GA1UdIwQYMBaAFP/uCrWbCzK3l/va97Of
rsuoWUyzMA8GA1UdEwEB/wQFMAMBAf8wGgYDVR0RBBMwEYIJbG9jYWxob3N0hwR/
AAABMAoGCCqGSM49BAMCA0gAMEUCIQCscKlKAgIhy7ab1Bh5KUIVEfUK8lBKcreo
G9je13kSZwIgUuAzlRAsgkpmpBuVLyM4o46LFHry1xGjJzuVcF93Ha0=
-----END CERTIFICATE-----`;

let server: Server;
let port: number;
let received = 0;
const clients: HttpClient[] = [];
const folder = mkdtempSync(join(tmpdir(), 'certificates-'));
const file = join(folder, 'ca.pem');

beforeAll(async () => {
  writeFileSync(file, `Ministry\n${CERTIFICATE}\n`);
  server = createServer({ key: KEY, cert: CERTIFICATE }, (_request, response) => {
    received++;
    response.end('{"ok":true}');
  });
  await new Promise<void>((resolve) => server.listen(0, '0.0.0.0', resolve));
  ({ port } = server.address() as AddressInfo);
});
afterEach(async () => {
  received = 0;
  for (const client of clients.splice(0)) await client.close();
});
afterAll(() => {
  rmSync(folder, { recursive: true });
  server.closeAllConnections();
  server.close();
});

/** Calls the server. Returns the status, or the kind of the error. */
async function call(host: string, trusted?: TrustedCertificates): Promise<number | string> {
  const client = new HttpClient({ name: 'MAX', readRetries: 0, trusted });
  clients.push(client);
  const sent = client.send({ method: 'POST', url: `https://${host}:${port}/`, json: {}, effect: true, reach: 'anywhere' });
  return sent.then(
    ({ status }) => status,
    ({ kind }: { kind: string }) => kind,
  );
}

describe('certificates from a file', () => {
  const certificates = () => readCertificates(file);

  it('are trusted, and nothing is sent without them', async () => {
    expect([await call('localhost'), received]).toEqual(['unavailable', 0]);
    expect([await call('localhost', { host: 'localhost', certificates: certificates() }), received]).toEqual([200, 1]);
  });

  it('are trusted for their host only', async () => {
    expect(await call('127.0.0.1', { host: 'localhost', certificates: certificates() })).toBe('unavailable');
    expect(await call('127.0.0.1', { host: '127.0.0.1', certificates: certificates() })).toBe(200);
  });

  it('do not make a certificate of another host valid', async () => {
    expect([await call('127.0.0.2', { host: '127.0.0.2', certificates: certificates() }), received]).toEqual(['unavailable', 0]);
  });

  it('are a problem of the setting if they cannot be read', () => {
    expect([findCertificateProblem(file), findCertificateProblem(undefined)]).toEqual([undefined, undefined]);
    const other = join(folder, 'other.pem');
    const findProblem = (content: string): string | undefined => {
      writeFileSync(other, content);
      return findCertificateProblem(other);
    };
    expect(findProblem('')).toContain('it contains no certificate in PEM');
    expect(findProblem(CERTIFICATE.replace(/(?<=CERTIFICATE-----\n)MI/, 'xx'))).toMatch(/^must be a file of certificates/);
    expect(findCertificateProblem(join(folder, 'missing.pem'))).toContain('(ENOENT)');
  });
});
