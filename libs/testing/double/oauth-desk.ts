import { createHash, randomBytes } from 'node:crypto';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { servePage } from '../hand-page.js';

/** A partner's application, as entered at the service. */
export interface DeskApplication {
  clientId: string;
  clientSecret: string;
  /** The only address that users return to. */
  redirectUri: string;
}

/** Addresses and rules of a service's OAuth server. */
export interface DeskRules {
  paths: { authorize: string; token: string; revoke?: string };
  /** Whether `redirect_uri` and PKCE must be sent. */
  needsRedirect: boolean;
  needsPkce: boolean;
  client: 'basic' | 'body';
  /** Seconds that a code lives. */
  codeSeconds: number;
  /** Whether it issues refresh tokens, each for one use. */
  rotates: boolean;
  /** Beginning of tokens and of codes. */
  prefixes: { token: string; other: string };
  /** The accounts that may consent: id and name. */
  listAccounts(): Readonly<Record<string, string>>;
  /** Fields of the reply in addition to the tokens. */
  describe(account: string): object;
  lifeSeconds: number;
}

/**
 * A fault of the next request for tokens: `lost` breaks the connection after its effect, `hold` never
 * replies.
 */
export type DeskFault = 'lost' | 'hold' | 'away' | 'html' | 'no-life';

interface Issued {
  account: string;
  isAlive: boolean;
}
interface Code extends Issued {
  redirectUri: string | null;
  challenge: string | null;
  until: number;
}

/**
 * The OAuth server of a double: its page for consent, and the calls for tokens. Strict: codes and refresh
 * tokens count once, and a second use ends the tokens that followed from the first.
 */
export class OAuthDesk {
  readonly application: DeskApplication = { clientId: 'partner-app', clientSecret: 'partner-secret-0123456789', redirectUri: '' };
  readonly faults: DeskFault[] = [];
  /** Requests for tokens and revocations, without their secrets. `account`: owner of a sent refresh token. */
  readonly calls: { type: string; status: number; account: string | undefined }[] = [];
  /** Access tokens, also dead ones. */
  readonly tokens = new Map<string, Issued>();
  readonly refreshTokens = new Map<string, Issued>();
  private readonly codes = new Map<string, Code>();
  /** Headers of the page for consent, such as a Cross-Origin-Opener-Policy. */
  pageHeaders: Record<string, string> = { 'x-frame-options': 'DENY' };
  /** Seconds that tests have let pass. */
  passed = 0;

  constructor(
    app: FastifyInstance,
    private readonly rules: DeskRules,
  ) {
    app.addHook('onRequest', (request, reply, done) => {
      if (request.url.startsWith(rules.paths.authorize)) void reply.headers(this.pageHeaders);
      done();
    });
    servePage(app, rules.paths.authorize, (query) => this.findPage(query));
    app.post(rules.paths.token, (request, reply) => this.answer(request, reply, (form) => this.issue(form)));
    if (rules.paths.revoke !== undefined)
      app.post(rules.paths.revoke, (request, reply) => this.answer(request, reply, (form) => this.revoke(form)));
  }

  /** Returns the account of a live access token. */
  findAccount(token: string): string | undefined {
    const issued = this.tokens.get(token);
    return issued?.isAlive ? issued.account : undefined;
  }

  /** Ends all tokens of an account, as its owner does in the dashboard. */
  revokeAll(account: string): void {
    for (const issued of [...this.tokens.values(), ...this.refreshTokens.values()]) if (issued.account === account) issued.isAlive = false;
  }

  private findPage(query: URLSearchParams): Parameters<typeof servePage>[2] extends (...args: never[]) => infer Page ? Page : never {
    const { needsRedirect, needsPkce, listAccounts } = this.rules;
    const { clientId, redirectUri } = this.application;
    const [sent, state, challenge] = [query.get('redirect_uri'), query.get('state'), query.get('code_challenge')];
    const isKnown = query.get('client_id') === clientId && query.get('response_type') === 'code' && state !== null;
    const isExact = needsRedirect ? sent === redirectUri : sent === null;
    if (!isKnown || !isExact || (needsPkce && (challenge === null || query.get('code_challenge_method') !== 'S256'))) return undefined;
    const back = (values: Record<string, string>): { to: string } => ({
      to: `${redirectUri}?${new URLSearchParams({ ...values, state }).toString()}`,
    });
    return {
      ...{ title: 'Consent', lines: ['Which account may be used?'] },
      ways: { ...listAccounts(), decline: 'Decline' },
      act: (form) => {
        const account = form.get('way') ?? '';
        if (account === 'decline') return back({ error: 'access_denied', error_description: '<b>declined</b>' });
        const code = this.make('other');
        const until = this.now() + this.rules.codeSeconds * 1_000;
        this.codes.set(code, { account, isAlive: true, redirectUri: sent, challenge, until });
        return back({ code });
      },
    };
  }

  private async answer(request: FastifyRequest, reply: FastifyReply, act: (form: URLSearchParams) => object | string): Promise<unknown> {
    const form = readForm(request);
    const fault = this.faults.shift();
    const type = form.get('grant_type') ?? 'revoke';
    const account = this.refreshTokens.get(form.get('refresh_token') ?? '')?.account;
    const note = (status: number): void => void this.calls.push({ type, status, account });
    if (fault === 'away') {
      note(503);
      return reply.code(503).send({});
    }
    const isClient = this.isClient(request, form);
    const made = isClient ? act(form) : 'invalid_client';
    const status = typeof made === 'string' ? (isClient ? 400 : 401) : 200;
    note(fault === 'lost' || fault === 'hold' ? 0 : status);
    if (fault === 'lost') return request.raw.destroy();
    if (fault === 'hold') return new Promise(() => undefined);
    if (fault === 'html') return reply.code(200).type('text/html').send('<h1>Maintenance</h1>');
    if (fault === 'no-life') delete (made as { expires_in?: number }).expires_in;
    return reply.code(status).send(typeof made === 'string' ? { error: made, error_description: 'as sent' } : made);
  }

  private isClient({ headers: { authorization } }: FastifyRequest, form: URLSearchParams): boolean {
    const { clientId, clientSecret } = this.application;
    if (this.rules.client === 'body') return form.get('client_id') === clientId && form.get('client_secret') === clientSecret;
    return authorization === `Basic ${Buffer.from(`${clientId}:${clientSecret}`).toString('base64')}`;
  }

  private issue(form: URLSearchParams): object | string {
    if (form.get('grant_type') === 'refresh_token') {
      const known = this.refreshTokens.get(form.get('refresh_token') ?? '');
      if (!known?.isAlive) {
        // Used twice: the tokens that followed are ended too.
        if (known) this.revokeAll(known.account);
        return 'invalid_grant';
      }
      known.isAlive = false;
      return this.hand(known.account);
    }
    if (form.get('grant_type') !== 'authorization_code') return 'unsupported_grant_type';
    const code = this.codes.get(form.get('code') ?? '');
    if (!code) return 'invalid_grant';
    if (!code.isAlive) this.revokeAll(code.account);
    const verified = createHash('sha256')
      .update(form.get('code_verifier') ?? '')
      .digest('base64url');
    const fits = code.redirectUri === form.get('redirect_uri') && (code.challenge === null || code.challenge === verified);
    if (!code.isAlive || !fits || code.until < this.now()) return 'invalid_grant';
    code.isAlive = false;
    return this.hand(code.account);
  }

  private hand(account: string): object {
    const access = this.make('token');
    this.tokens.set(access, { account, isAlive: true });
    const refresh = this.make('other');
    if (this.rules.rotates) this.refreshTokens.set(refresh, { account, isAlive: true });
    return {
      ...{ access_token: access, expires_in: this.rules.lifeSeconds },
      ...(this.rules.rotates && { refresh_token: refresh }),
      ...this.rules.describe(account),
    };
  }

  private revoke(form: URLSearchParams): object {
    const issued = this.tokens.get(form.get('token') ?? '') ?? this.refreshTokens.get(form.get('token') ?? '');
    if (issued) issued.isAlive = false;
    return {};
  }

  private make(kind: 'token' | 'other'): string {
    return this.rules.prefixes[kind] + randomBytes(24).toString('base64url').replaceAll(/[-_]/g, 'x');
  }

  private now(): number {
    return Date.now() + this.passed * 1_000;
  }
}

/** Reads a form or JSON of texts. */
function readForm({ body }: FastifyRequest): URLSearchParams {
  return new URLSearchParams(typeof body === 'string' ? body : ((body ?? {}) as Record<string, string>));
}
