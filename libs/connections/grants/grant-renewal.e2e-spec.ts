import { randomBytes, randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import Provider from 'oidc-provider';
import { Database, SecretBox } from '#platform';
import { buildConsentUrl, exchangeCode, type OAuthApplication, refreshTokens, type Tokens } from '#provider-kit';
import { createSpecDatabase, type SpecDatabase } from '#testing';
import { ConnectionSecrets } from '../connection-secrets.js';
import { connectionsSchema } from '../connections.module.js';
import { GrantRenewal } from './grant-renewal.js';
import { GrantStore } from './grant-store.js';

const REDIRECT = 'https://crossdock.example/acme/oauth/acme/callback';

let spec: SpecDatabase;
let store: GrantStore;
let database: Database;
let authority: Authority;
let place: { connectionId: string; provider: string };
const signal = (): AbortSignal => AbortSignal.timeout(20_000);

/** A strict authorization server from a library, as a second opinion. It consents automatically. */
class Authority {
  /** Requests for tokens. */
  requests = 0;
  /** Milliseconds until it handles one, so that every process finds it unfinished. */
  delayMs = 0;
  /** Whether the reply to the next one is lost, after the server has acted. */
  losesNext = false;
  private server: Server | undefined;
  private url = '';

  async start(): Promise<void> {
    this.server = createServer((request, response) => void this.handle(request, response));
    await new Promise<void>((resolve) => this.server?.listen(0, '127.0.0.1', resolve));
    const { port } = this.server.address() as { port: number };
    this.url = `http://127.0.0.1:${port}`;
    const oidc = new Provider(this.url, {
      clients: [
        {
          ...{ client_id: 'partner', client_secret: 'partner-secret', redirect_uris: [REDIRECT] },
          ...{ grant_types: ['authorization_code', 'refresh_token'], token_endpoint_auth_method: 'client_secret_basic' },
        },
      ],
      findAccount: (_context, id) => ({ accountId: id, claims: () => ({ sub: id }) }),
      issueRefreshToken: () => true,
      rotateRefreshToken: true,
      pkce: { required: () => true },
      features: { devInteractions: { enabled: false }, revocation: { enabled: true } },
      interactions: { url: (_context, { uid }) => `/consent/${uid}` },
      cookies: { keys: ['a-key-of-the-spec'] },
    });
    this.callback = oidc.callback();
    this.consent = async (request, response) => {
      const { prompt, params } = await oidc.interactionDetails(request, response);
      const grant = new oidc.Grant({ accountId: 'seller', clientId: String(params.client_id) });
      grant.addOIDCScope('openid offline_access');
      const result = prompt.name === 'login' ? { login: { accountId: 'seller' } } : { consent: { grantId: await grant.save() } };
      await oidc.interactionFinished(request, response, result, { mergeWithLastSubmission: true });
    };
  }

  get application(): OAuthApplication {
    const server = {
      ...{ authorizeUrl: `${this.url}/auth`, tokenUrl: `${this.url}/token`, revokeUrl: `${this.url}/token/revocation` },
      ...{ parameters: { prompt: 'consent' }, scopes: ['openid', 'offline_access'], refreshDays: 30 },
      ...({ sendsRedirect: true, pkce: true, body: 'form', client: 'basic' } as const),
    };
    return { server, clientId: 'partner', clientSecret: 'partner-secret' };
  }

  /** Consents as a user's browser does, and exchanges the code. */
  async connect(): Promise<Tokens> {
    const [state, verifier] = [randomUUID(), randomBytes(48).toString('base64url')];
    const cookies = new Map<string, string>();
    let url = buildConsentUrl(this.application, { state, verifier, redirectUri: REDIRECT });
    while (!url.startsWith(REDIRECT)) {
      const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ');
      const reply = await fetch(url, { redirect: 'manual', headers: { cookie } });
      for (const line of reply.headers.getSetCookie()) {
        const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
        cookies.set(name, value);
      }
      url = new URL(reply.headers.get('location') ?? 'nowhere', url).href;
    }
    const { searchParams } = new URL(url);
    expect(searchParams.get('state')).toBe(state);
    const code = searchParams.get('code') ?? '';
    return (await exchangeCode(this.application, { code, redirectUri: REDIRECT, verifier }, signal())).tokens;
  }

  async stop(): Promise<void> {
    this.server?.closeAllConnections();
    await new Promise((resolve) => this.server?.close(resolve));
  }

  private callback: (request: IncomingMessage, response: ServerResponse) => unknown = () => undefined;
  private consent: (request: IncomingMessage, response: ServerResponse) => Promise<void> = () => Promise.resolve();

  private async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (request.url?.startsWith('/consent/')) return this.consent(request, response);
    if (request.url === '/token') {
      this.requests++;
      if (this.losesNext) response.end = () => request.socket.destroy() as never;
      this.losesNext = false;
      await sleep(this.delayMs);
    }
    this.callback(request, response);
  }
}

beforeAll(async () => {
  // The server recommends settings for production.
  for (const name of ['info', 'warn'] as const) jest.spyOn(console, name).mockReturnValue();
  spec = await createSpecDatabase([connectionsSchema]);
  database = new Database(spec.source);
  store = new GrantStore(database, new ConnectionSecrets(new SecretBox(randomBytes(32).toString('base64'))));
  authority = new Authority();
  await authority.start();
}, 60_000);
afterAll(async () => {
  await authority?.stop();
  await spec?.remove();
});

beforeEach(async () => {
  place = { connectionId: randomUUID(), provider: 'acme' };
  const tokens = await authority.connect();
  const account = { id: 'seller', name: 'Seller' };
  await database.transaction((tx) => store.keep(tx, place, { tokens, account }, authority.application));
  authority.requests = 0;
  authority.delayMs = 0;
});

async function read() {
  const found = await store.find(place);
  if (!found) throw new Error('there is no consent');
  return found;
}
/** Renews as one of several processes. */
const renew = async (old?: Awaited<ReturnType<typeof read>>) =>
  new GrantRenewal(store).renew(old ?? (await read()), authority.application, signal());

describe('the renewal of tokens at a strict server', () => {
  it('sends a refresh token once, however many processes need it', async () => {
    const old = await read();
    authority.delayMs = 1_000;
    const renewed = await Promise.all(Array.from({ length: 5 }, () => renew(old)));
    expect(new Set(renewed.map(({ tokens }) => tokens.access)).size).toBe(1);
    expect([authority.requests, renewed[0]?.tokens.access === old.tokens.access]).toEqual([1, false]);
    // The next refresh token is the one that the server issued.
    expect((await renew()).version).toBe(3);
  });

  it('is refused for a refresh token that was used, which ends the later ones, too', async () => {
    const { tokens } = await read();
    await renew();
    await expect(refreshTokens(authority.application, tokens.refresh ?? '', signal())).rejects.toMatchObject({ kind: 'auth' });
    await expect(renew()).rejects.toMatchObject({ kind: 'auth' });
    const ended = await read();
    expect(ended.endedAt).toBeInstanceOf(Date);
    authority.requests = 0;
    await expect(renew()).rejects.toMatchObject({ kind: 'auth' });
    expect(authority.requests).toBe(0);
  });

  it('sends a refresh token once more after a lost reply, by one process', async () => {
    authority.losesNext = true;
    await expect(renew()).rejects.toMatchObject({ kind: 'unavailable' });
    expect(await read()).toMatchObject({ refreshesSent: 1, endedAt: null, version: 1 });
    const outcomes = await Promise.allSettled(Array.from({ length: 4 }, () => renew()));
    expect(outcomes.map((one) => one.status === 'rejected' && (one.reason as { kind: string }).kind)).toEqual(Array(4).fill('auth'));
    expect([authority.requests, (await read()).endedAt]).toEqual([2, expect.any(Date)]);
  });

  it('ends without a further try when a process died twice with the token in its hands', async () => {
    const grant = await read();
    for (let death = 0; death < 2; death++) {
      expect(await store.claim(grant)).toBe(true);
      await database.query(`UPDATE oauth_grant SET lease_until = '-infinity'`);
    }
    await expect(renew()).rejects.toMatchObject({ kind: 'auth' });
    expect(authority.requests).toBe(0);
  });
});
