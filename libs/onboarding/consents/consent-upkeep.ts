import { Injectable, Logger } from '@nestjs/common';
import { type Connection, ConnectionStore, type ConsentPlace, GrantRenewal, GrantStore, HostedModules, nameConnection } from '#connections';
import { Database, defineJob, errorText, fillIn, HandleJob, type LocalText, makeText, Retention, RETENTION_EVERY_MS } from '#platform';
import { isAuth, type OAuthApplication, ProviderError } from '#provider-kit';
import { AccountNotices, formatNoticeTitle } from '../notices/account-notices.js';
import { texts } from '../onboarding.texts.js';
import { AllProviders } from '../provider-setup/all-providers.js';
import { ProviderWatch } from '../provider-setup/provider-watch.js';

const refreshTokens = defineJob<Record<string, never>>('housekeeping', 'consents.refresh');
const remindAccounts = defineJob<Record<string, never>>('housekeeping', 'consents.remind');
const cleanAttempts = defineJob<Record<string, never>>('housekeeping', 'consents.clean');

const REFRESH_MS = 10_000;
const REMIND_MS = 3_600_000;
/** Days before the end of a consent at which its account is notified. */
const REMIND_DAYS = 30;
/** Days that an attempt is kept. */
const KEEP_DAYS = 1;
/** Maximum length of a module's name in a notice. */
const NAME_LENGTH = 40;
/** The call whose rejection a refused refresh counts as. */
const REFRESH = 'consent';

/** Refreshes tokens that are due, and notifies accounts whose consent ends. */
@Injectable()
export class ConsentUpkeep {
  private readonly logger = new Logger(ConsentUpkeep.name);

  constructor(
    private readonly grants: GrantStore,
    private readonly renewal: GrantRenewal,
    private readonly connections: ConnectionStore,
    private readonly modules: HostedModules,
    private readonly providers: AllProviders,
    private readonly watch: ProviderWatch,
    private readonly notices: AccountNotices,
    private readonly database: Database,
    private readonly retention: Retention,
  ) {}

  /** Refreshes the tokens that are due. */
  @HandleJob(refreshTokens, { everyMs: REFRESH_MS })
  async refreshDue(_data: object, stopping: AbortSignal): Promise<void> {
    for (const place of await this.grants.listDue(this.listProviders())) {
      if (stopping.aborted) return;
      await this.visit(place, (connection, application) => this.refresh(connection, application, place));
    }
  }

  /** Notifies accounts whose consent ends soon and cannot be refreshed, once. */
  @HandleJob(remindAccounts, { everyMs: REMIND_MS })
  async remind(_data: object, stopping: AbortSignal): Promise<void> {
    for (const { expiresAt, ...place } of await this.grants.listEnding(this.listProviders(), REMIND_DAYS)) {
      if (stopping.aborted) return;
      await this.visit(place, (connection) => this.notify(connection, place, expiresAt));
    }
  }

  /** Deletes old attempts. */
  @HandleJob(cleanAttempts, { everyMs: RETENTION_EVERY_MS })
  clean(_data: object, stopping: AbortSignal): Promise<void> {
    return this.retention.deleteOld('oauth_attempt', 'true', 'created_at', KEEP_DAYS, stopping);
  }

  /** Codes of the providers at whose services the deployment has an application. */
  private listProviders(): string[] {
    const has = ({ module }: Pick<Connection, 'module'>): boolean => this.providers.of({ module }).has({ module }, 'oauth');
    return this.modules
      .listByProvider()
      .filter((module) => has({ module }))
      .map(({ manifest }) => manifest.code);
  }

  /** Never throws: one connection must not stop the others. */
  private async visit(place: ConsentPlace, work: (connection: Connection, application: OAuthApplication) => Promise<void>): Promise<void> {
    try {
      const stored = await this.connections.findById(place.connectionId);
      const connection = stored?.views.find(({ module }) => module.manifest.code === place.provider);
      const application = connection && this.providers.of(connection).getMember(connection, 'oauth');
      if (connection && application) await work(connection, application);
    } catch (error) {
      this.logger.error(`the consent of connection ${place.connectionId} cannot be kept: ${errorText(error)}`);
    }
  }

  private async refresh(connection: Connection, application: OAuthApplication, place: ConsentPlace): Promise<void> {
    const grant = await this.grants.find(place);
    if (!grant) return;
    try {
      await this.renewal.renew(grant, application, AbortSignal.abort());
    } catch (error) {
      // `GrantRenewal` has logged why there are no new tokens.
      if (!(error instanceof ProviderError)) throw error;
      if (isAuth(error)) await this.watch.noteRejection(connection, REFRESH, error.message);
    }
  }

  private async notify(connection: Connection, place: ConsentPlace, endsAt: Date): Promise<void> {
    await this.database.transaction(async (tx) => {
      if (!(await this.grants.markNotified(tx, place))) return;
      const text = buildEndingNotice(nameConnection(connection), endsAt, connection.account.timeZone);
      // The account has had its notices of this hour: the next run tries again.
      if (!(await this.notices.add(connection.id, `consent ${place.provider}`, text, tx))) throw new Error('too many notices');
    });
  }
}

/** Builds the notice about a consent that ends, for the account's administrators. */
export function buildEndingNotice(moduleName: string, endsAt: Date, timeZone: string): LocalText {
  const date = makeText((language) => new Intl.DateTimeFormat(language, { dateStyle: 'medium', timeZone }).format(endsAt));
  return fillIn(texts.notices.consentEnds, { title: formatNoticeTitle(moduleName, NAME_LENGTH), date });
}
