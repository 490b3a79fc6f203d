import { Injectable, Logger } from '@nestjs/common';
import { type CheckOutcome, type Connection, tryWithSettings } from '#connections';
import { Clock, errorTrace, textFor, toLogLine } from '#platform';
import { ProviderError, type ProviderErrorKind, sayError, sayFields } from '#provider-kit';
import { CrmValues } from '../crm-lists/crm-values.js';
import { texts } from '../onboarding.texts.js';
import { RulesContributors, type SettingsVariant } from '../contributors/rules-contributors.js';
import { AllProviders } from './all-providers.js';
import { ProviderWatch } from './provider-watch.js';

/** Kinds of ProviderError that are caused by the settings. With any other, the check was not possible. */
const REJECTIONS: ReadonlySet<ProviderErrorKind> = new Set(['auth', 'invalid', 'rejected']);
/** Maximum length of the account's name. */
const ACCOUNT_LENGTH = 200;

/** Checks settings at the provider's service. */
@Injectable()
export class SettingsCheck {
  private readonly logger = new Logger(SettingsCheck.name);

  constructor(
    private readonly providers: AllProviders,
    private readonly rules: RulesContributors,
    private readonly clock: Clock,
    private readonly watch: ProviderWatch,
    private readonly crmValues: CrmValues,
  ) {}

  /** Whether the connection's provider can check settings. */
  can(connection: Pick<Connection, 'module'>): boolean {
    return this.providers.of(connection).has(connection, 'check');
  }

  /**
   * Checks these settings, which are not stored. Without them, checks the stored settings and the settings
   * that result from the rules, with problems below `rules.`. A value that is missing from the CRM's lists is
   * a warning. Returns undefined if the provider cannot check settings.
   * @param budgetMs milliseconds for a call. Default: PROVIDER_BUDGET_MS
   */
  async run(connection: Connection, settings?: object, budgetMs?: number): Promise<CheckOutcome | undefined> {
    if (!this.can(connection)) return undefined;
    const variants = settings || !connection.rules ? [] : (this.rules.of(connection)?.listVariants(connection, connection.rules) ?? []);
    const [outcome, ofRules, ofCrm] = await Promise.all([
      this.tryOnce(connection, settings, budgetMs),
      this.runVariants(connection, variants, { budgetMs, prefix: 'rules.' }),
      this.crmValues.findUnknown(connection, settings ?? connection.settings),
    ]);
    if (!outcome) return undefined;
    if (!settings && outcome.state !== 'away') this.watch.recordAnswer(connection);
    const errors = { ...outcome.errors, ...ofRules.errors };
    const warnings = { ...ofCrm, ...outcome.warnings, ...ofRules.warnings };
    const lack = outcome.account === undefined ? connection.module.manifest.describeMissing?.(settings ?? connection.settings) : undefined;
    if (outcome.state === 'ok' && Object.keys(errors).length === 0 && lack)
      return { ...outcome, state: 'empty', message: textFor(lack, connection.account.language), errors, warnings };
    const state = outcome.state === 'ok' && Object.keys(errors).length > 0 ? 'errors' : outcome.state;
    return { ...outcome, state, errors, warnings };
  }

  /**
   * Checks the settings that result from the rules. Returns messages by path. Empty if the service could not
   * be reached or the provider cannot check settings.
   */
  async runVariants(
    connection: Connection,
    variants: readonly SettingsVariant[],
    { budgetMs, prefix = '' }: { budgetMs?: number | undefined; prefix?: string } = {},
  ): Promise<Pick<CheckOutcome, 'errors' | 'warnings'>> {
    const found = { errors: {} as Record<string, string>, warnings: {} as Record<string, string> };
    const work = variants.map(async ({ path, own, settings }) => {
      const outcome = await this.tryOnce(connection, settings, budgetMs);
      const isOwn = (field: string): boolean => own.includes(/^\w*/.exec(field)?.[0] ?? '');
      for (const [field, message] of Object.entries(outcome?.errors ?? {}))
        found.errors[`${prefix}${path}${isOwn(field) ? `.${field}` : ''}`] = message;
      for (const [field, message] of Object.entries(outcome?.warnings ?? {}))
        if (isOwn(field)) found.warnings[`${prefix}${path}.${field}`] = message;
    });
    await Promise.all(work);
    return found;
  }

  private async tryOnce(connection: Connection, settings?: object, budgetMs?: number): Promise<CheckOutcome | undefined> {
    const calls = this.providers.of(connection);
    if (!calls.has(connection, 'check')) return undefined;
    const at = this.clock.now().toISOString();
    const startedAt = performance.now();
    try {
      const tried = settings ? tryWithSettings(connection, settings) : connection;
      const options = { trial: true, ...(budgetMs !== undefined && { budgetMs }) };
      const work = calls.call(tried, 'check', (provider, context) => provider.check(context.settings, context), options);
      const { account, errors = {}, warnings = {} } = await work;
      const state = Object.keys(errors).length > 0 ? 'errors' : 'ok';
      return { state, ...(account && { account: account.slice(0, ACCOUNT_LENGTH) }), errors, warnings, at };
    } catch (error) {
      // Stored settings are in use, so a failed check is an outage of the service. Our own service cannot be
      // down.
      if (!settings && connection.module.kind === 'adapter' && isSilence(error))
        this.watch.recordOutage(connection, error.message, startedAt);
      return { ...this.explain(error, connection), warnings: {}, at };
    }
  }

  private explain(error: unknown, connection: Connection): Pick<CheckOutcome, 'state' | 'errors' | 'message'> {
    if (!(error instanceof ProviderError)) {
      const line = `settings of connection ${connection.id} cannot be checked: ${errorTrace(error)}`;
      this.logger.error(toLogLine(line, connection.request));
      return { state: 'away', errors: {}, message: textFor(texts.ourFault, connection.account.language) };
    }
    const { language } = connection.account;
    const [message, fields = {}] = [sayError(error, language), sayFields(error, language)];
    if (!REJECTIONS.has(error.kind)) return { state: 'away', errors: {}, message };
    return { state: 'errors', errors: Object.keys(fields).length > 0 ? fields : { '': message } };
  }
}

/** Whether the service did not respond. */
function isSilence(error: unknown): error is ProviderError {
  return error instanceof ProviderError && (error.kind === 'unavailable' || error.kind === 'unknown_outcome');
}
