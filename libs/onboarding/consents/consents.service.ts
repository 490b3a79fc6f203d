import { Injectable, Logger } from '@nestjs/common';
import { IsBoolean } from 'class-validator';
import {
  AttemptStore,
  type Connection,
  type ConsentPlace,
  ConnectionStore,
  GrantStore,
  type NewGrant,
  refuseForShadow,
  type ReturnedAttempt,
  SettingsStore,
  type StoredGrant,
} from '#connections';
import {
  CallbackError,
  Database,
  Environment,
  equalInConstantTime,
  errorText,
  fillIn,
  getParser,
  type LocalText,
  notFound,
  sha256Hex,
  textFor,
  toLogLine,
  type Transaction,
} from '#platform';
import {
  buildConsentUrl,
  exchangeCode,
  type Grant,
  makeError,
  type OAuthApplication,
  ProviderError,
  revokeToken,
  sayError,
} from '#provider-kit';
import { AccountChanges } from '../changes/account-changes.js';
import { texts } from '../onboarding.texts.js';
import { AllProviders } from '../provider-setup/all-providers.js';
import { ProviderSetups } from '../provider-setup/provider-setups.js';

/** Milliseconds for the exchange of a code, and for reading the account. */
const EXCHANGE_MS = 20_000;

/** Whether an account consented, for its page. */
export interface ConsentView {
  /** `ended`: it has to consent again. */
  state: 'none' | 'active' | 'ended';
  /** Name of the account at the service. */
  account?: string;
  /** Whether it is a test account. */
  isTest?: boolean;
  /** When the consent ends, if it cannot be renewed. */
  endsAt?: Date;
}

/** A started attempt. The user opens `url`, once within five minutes. */
export interface ConsentStart {
  id: string;
  url: string;
}

/** The state of an attempt. */
export interface ConsentProgress {
  /** `other-account`: the user must confirm another account than before. `expired`: they took too long. */
  state: 'waiting' | 'done' | 'other-account' | 'declined' | 'failed' | 'expired';
  /** Why it failed, or the name of the account. */
  detail?: string;
}

/** The user's choice between the present account and another one. */
export class ConsentChoiceDto {
  /** Whether to use the other account. */
  @IsBoolean() accept!: boolean;
}

/** An attempt whose user goes on to the service. */
export interface ConsentDeparture {
  readonly attempt: string;
  /** Value of the browser's cookie. */
  readonly cookie: string;
  /** Address of the service's page. */
  readonly url: string;
}

/** The parameters with which a service returns a user. */
export interface ConsentReturn {
  readonly state?: string | undefined;
  readonly code?: string | undefined;
  readonly error?: string | undefined;
}

/** The outcome of a return, for the page in the user's window. */
export interface ConsentOutcome {
  readonly connection?: Connection;
  readonly state: ConsentProgress['state'];
  readonly text: LocalText;
}

/** Accounts connect by consenting at the service of their provider, instead of pasting credentials. */
@Injectable()
export class Consents {
  private readonly logger = new Logger(Consents.name);

  constructor(
    private readonly providers: AllProviders,
    private readonly setups: ProviderSetups,
    private readonly connections: ConnectionStore,
    private readonly settingsStore: SettingsStore,
    private readonly grants: GrantStore,
    private readonly attempts: AttemptStore,
    private readonly changes: AccountChanges,
    private readonly database: Database,
    private readonly environment: Environment,
  ) {}

  /** Whether accounts can consent: the deployment has an application at the service of this provider. */
  has(connection: Connection): boolean {
    return this.findApplication(connection) !== undefined;
  }

  /** Returns whether the account consented. Throws CallbackError 404 if it cannot. */
  async view(connection: Connection): Promise<ConsentView> {
    this.requireApplication(connection);
    const grant = await this.grants.find(toPlace(connection));
    if (!grant) return { state: 'none' };
    const { account, endedAt, expiresAt, tokens } = grant;
    return {
      ...{ state: endedAt ? 'ended' : 'active', account: account.name },
      ...(account.isLive === false && { isTest: true }),
      ...(tokens.refresh === undefined && expiresAt && { endsAt: expiresAt }),
    };
  }

  /**
   * Starts an attempt, and ends an earlier one. Throws CallbackError 404 if the account cannot consent, 400
   * for a trial connection.
   */
  async start(connection: Connection): Promise<ConsentStart> {
    this.requireApplication(connection);
    refuseForShadow(connection);
    const { id, ticket } = await this.attempts.create(toPlace(connection));
    return { id, url: `${this.environment.publicUrl}/${connection.module.code}/oauth/start/${ticket}` };
  }

  /** Returns the state of an attempt. Throws CallbackError 404 if it is not one of the connection's. */
  async follow({ id: connectionId }: Connection, id: string): Promise<ConsentProgress> {
    const found = await this.attempts.find(id, connectionId);
    if (!found) throw notFound('attempt', id);
    return { state: found.state, ...(found.detail !== null && { detail: found.detail }) };
  }

  /**
   * Uses the other account of an attempt instead of the present one, or revokes its consent. Returns the
   * present one. Throws CallbackError 404 if there is no longer anything to choose.
   */
  async choose(connection: Connection, id: string, body: unknown): Promise<ConsentView> {
    const { accept } = getParser(ConsentChoiceDto).parse(body);
    const place = toPlace(connection);
    const before = await this.grants.find(place);
    const application = this.requireApplication(connection);
    const grant = await this.database.transaction(async (tx) => {
      const taken = await this.attempts.confirm(tx, id, place);
      if (taken && accept) await this.keep(connection, application, taken, tx);
      return taken;
    }, connection.request);
    if (!grant) throw notFound('attempt', id);
    if (accept) await this.takeUp(connection, application, before);
    else await revokeToken(application, grant.tokens.refresh ?? grant.tokens.access, AbortSignal.timeout(EXCHANGE_MS));
    return this.view(connection);
  }

  /** Finds the connection of an unused ticket. Undefined if it is unknown, used or of another module. */
  async describe(moduleCode: string, ticket: string): Promise<Connection | undefined> {
    const place = await this.attempts.findByTicket(ticket);
    return place && this.findConnection(moduleCode, place);
  }

  /** Uses up a ticket. Returns the way to the service, or undefined like `describe`. */
  async depart(moduleCode: string, ticket: string): Promise<ConsentDeparture | undefined> {
    const connection = await this.describe(moduleCode, ticket);
    const application = connection && this.findApplication(connection);
    const begun = application && (await this.attempts.begin(ticket));
    if (!connection || !begun) return undefined;
    const { id: attempt, cookie, state, verifier } = begun;
    return { attempt, cookie, url: buildConsentUrl(application, { state, verifier, redirectUri: this.getRedirectUri(connection) }) };
  }

  /**
   * Handles the return of a user from the service. Each `state` counts once, and only in the browser that
   * left with it. `readCookie`: returns the cookie of an attempt. Never throws for a reply of the service.
   */
  async arrive(
    moduleCode: string,
    provider: string,
    { state, code, error }: ConsentReturn,
    readCookie: (attempt: string) => string | undefined,
  ): Promise<ConsentOutcome> {
    const attempt = state === undefined ? undefined : await this.attempts.spend(state, provider);
    const connection = attempt && (await this.findConnection(moduleCode, attempt));
    const application = connection && this.findApplication(connection);
    if (!attempt || !connection || !application) return { state: 'expired', text: texts.consents.unknown };
    if (!equalInConstantTime(sha256Hex(readCookie(attempt.id) ?? ''), attempt.cookieHash)) {
      await this.attempts.settle(attempt, 'failed', { detail: textFor(texts.consents.otherBrowser, connection.account.language) });
      return { connection, state: 'failed', text: texts.consents.otherBrowser };
    }
    if (error !== undefined || code === undefined) return this.refuse(connection, attempt, error);
    try {
      return await this.complete(connection, application, attempt, code);
    } catch (problem) {
      this.logger.warn(toLogLine(`connection ${connection.id} cannot use its consent: ${errorText(problem)}`, connection.request));
      const { language } = connection.account;
      const isTheirs = problem instanceof ProviderError || problem instanceof CallbackError;
      await this.attempts.settle(attempt, 'failed', {
        detail: isTheirs ? sayError(problem, language) : textFor(texts.ourFault, language),
      });
      if (!isTheirs) throw problem;
      return { connection, state: 'failed', text: texts.consents.failed };
    }
  }

  private async refuse(connection: Connection, attempt: ReturnedAttempt, error: string | undefined): Promise<ConsentOutcome> {
    const isDeclined = error === 'access_denied';
    // Services' descriptions of errors are not shown: anyone can write them into an address.
    const code = /^[a-z_]{1,50}$/.test(error ?? '') ? (error ?? '') : '?';
    const text = isDeclined ? texts.consents.declined : fillIn(texts.consents.refused, { code });
    await this.attempts.settle(attempt, isDeclined ? 'declined' : 'failed', { detail: textFor(text, connection.account.language) });
    return { connection, state: isDeclined ? 'declined' : 'failed', text };
  }

  private async complete(
    connection: Connection,
    application: OAuthApplication,
    attempt: ReturnedAttempt,
    code: string,
  ): Promise<ConsentOutcome> {
    const { verifier } = attempt;
    const redirectUri = this.getRedirectUri(connection);
    const { tokens, reply } = await exchangeCode(application, { code, redirectUri, verifier }, AbortSignal.timeout(EXCHANGE_MS));
    const account = await this.providers
      .of(connection)
      .call(connection, 'identifyGrant', (provider, context) => provider.identifyGrant(reply, context), {
        ...{ trial: true, budgetMs: EXCHANGE_MS, grant: toGrant({ tokens, account: { id: '', name: '' } }) },
      });
    const grant = { tokens, account: { ...account, name: account.name.slice(0, 200) } };
    const { name } = grant.account;
    const before = await this.grants.find(attempt);
    this.logger.log(
      toLogLine(`connection ${connection.id} has the consent of account ${account.id} at ${attempt.provider}`, connection.request),
    );
    if (before && before.account.id !== account.id) {
      await this.attempts.settle(attempt, 'other-account', { detail: name, grant });
      return {
        connection,
        state: 'other-account',
        text: fillIn(texts.consents.otherAccount, { account: name, before: before.account.name }),
      };
    }
    await this.database.transaction(async (tx) => {
      await this.keep(connection, application, grant, tx);
      await this.attempts.settle(attempt, 'done', { detail: name, tx });
    }, connection.request);
    await this.takeUp(connection, application, before);
    return { connection, state: 'done', text: fillIn(texts.consents.done, { account: name }) };
  }

  /** Stores a consent, and the settings that follow from it. */
  private async keep(connection: Connection, application: OAuthApplication, grant: NewGrant, tx: Transaction): Promise<void> {
    const { settings } = connection;
    const adopted = application.adopt?.(settings, grant.account) ?? settings;
    if (adopted !== settings) {
      const refuseOthers = (stored: object): void => {
        if (JSON.stringify(stored) !== JSON.stringify(settings)) throw new CallbackError(409, texts.changed);
      };
      await this.settingsStore.keepSettings(connection, adopted, tx, refuseOthers);
    }
    await this.changes.note(tx, { kind: 'settings', connection, check: undefined });
    await this.grants.keep(tx, toPlace(connection), grant, application);
  }

  /** Takes down what the previous consent set up, revokes it, and sets the connection up by the new one. */
  private async takeUp(connection: Connection, application: OAuthApplication, before: StoredGrant | undefined): Promise<void> {
    const calls = this.providers.of(connection);
    try {
      const grant = before && toGrant(before);
      if (grant && calls.has(connection, 'disconnect'))
        await calls.call(connection, 'disconnect', (provider, context) => provider.disconnect(context), { trial: true, grant });
      if (before) await revokeToken(application, before.tokens.refresh ?? before.tokens.access, AbortSignal.timeout(EXCHANGE_MS));
    } catch (error) {
      // It may have ended long ago, and nothing depends on it.
      this.logger.warn(
        toLogLine(`the previous consent of connection ${connection.id} was not revoked: ${errorText(error)}`, connection.request),
      );
    }
    if (this.setups.connects(connection)) await this.setups.run(connection);
  }

  private async findConnection(moduleCode: string, { connectionId, provider }: ConsentPlace): Promise<Connection | undefined> {
    const found = await this.connections.findById(connectionId);
    if (found?.module.code !== moduleCode || !found.active) return undefined;
    return found.views.find(({ module }) => module.manifest.code === provider);
  }

  private findApplication(connection: Connection): OAuthApplication | undefined {
    return this.providers.of(connection).getMember(connection, 'oauth');
  }

  private requireApplication(connection: Connection): OAuthApplication {
    const application = this.findApplication(connection);
    if (!application) throw new CallbackError(404, texts.consents.none);
    return application;
  }

  /** The address that is registered at the service: one for all connections of a module. */
  private getRedirectUri({ module }: Connection): string {
    return `${this.environment.publicUrl}/${module.code}/oauth/${module.manifest.code}/callback`;
  }
}

function toPlace({ id: connectionId, module }: Connection): ConsentPlace {
  return { connectionId, provider: module.manifest.code };
}

/** Returns a consent that is not renewed, because it is not stored yet or is replaced. */
function toGrant({ tokens, account }: NewGrant): Grant {
  return { accessToken: tokens.access, account, renew: () => Promise.reject(makeError('auth', texts.consents.unknown)) };
}
