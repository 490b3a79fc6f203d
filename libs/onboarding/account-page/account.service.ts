import { Injectable } from '@nestjs/common';
import { IsBoolean, IsOptional, IsString } from 'class-validator';
import {
  type CheckOutcome,
  type Connection,
  SettingsStore,
  ConnectionStore,
  type HostedModule,
  PageTokens,
  refuseForShadow,
} from '#connections';
import {
  BadInputError,
  CallbackError,
  Database,
  Environment,
  type JsonObject,
  type Language,
  type LocalText,
  maskSecrets,
  mergeSecrets,
  notFound,
  getParser,
  Reach,
  buildSettingsForm,
  findUnknown,
  textFor,
} from '#platform';
import type { SettingsPreset } from '#provider-kit';
import { AccountChanges } from '../changes/account-changes.js';
import { findMovedSecrets, judgeAddresses } from './addresses.js';
import { listHealthNotices, listNotices } from '../notices/connection-notices.js';
import { leaveOutLists, nameVersion, refuseOtherVersion, restoreLists } from './long-lists.js';
import { texts } from '../onboarding.texts.js';
import { ProviderChoiceDto } from './provider-choice.js';
import { RegistrationContributors } from '../contributors/registration-contributors.js';
import { SettingsCheck } from '../provider-setup/settings-check.js';
import { ProviderSetups } from '../provider-setup/provider-setups.js';
import type { ProviderSetupView } from '../provider-setup/provider-setup-view.js';

/** Selects the settings to read, and how much of them. */
export class SettingsReadingDto extends ProviderChoiceDto {
  /** Whether to leave out long lists. Each is replaced by a placeholder such as `{"rows": 3000}`. */
  @IsOptional() @IsBoolean() brief?: boolean;
}

/** Selects the settings and their version. */
export class SettingsVersionDto extends ProviderChoiceDto {
  /**
   * Version of the settings that were read. Other stored settings are rejected with 409, and a placeholder
   * of a long list stands for the stored list.
   */
  @IsOptional() @IsString() version?: string;
}

/** Options of setting up a connection at its service. */
export class ConnectDto {
  /** Whether the account's user agreed to replace the set-up of other programs. */
  @IsOptional() @IsBoolean() replace?: boolean;
}

/** Settings as shown on a page. */
export interface SettingsView {
  /** The form, and the titles of the provider's presets, if there are any. */
  schema: ReturnType<typeof buildSettingsForm> & { presets?: readonly Pick<SettingsPreset<object>, 'title'>[] };
  /** Secrets are replaced by whether they are set. */
  values: unknown;
  /** The version of these settings, valid until others are saved. */
  version: string;
  /** Warnings about stored addresses, by path, in the account's language. */
  warnings?: Record<string, string>;
  /** Description of the abilities that these settings do not allow yet, in the account's language. */
  missing?: string;
  /** The set-up at the service. Missing: the provider neither checks nor connects. */
  service?: ProviderSetupView;
  /** For a module of several providers: code of the provider that these settings belong to. */
  provider?: string;
  /** For a module of several providers: all of them. */
  providers?: { code: string; integration: string; title: string }[];
}

/** Reads and saves a connection's settings, for the account page and the operator. */
@Injectable()
export class AccountService {
  constructor(
    private readonly connections: ConnectionStore,
    private readonly settingsStore: SettingsStore,
    private readonly changes: AccountChanges,
    private readonly contributors: RegistrationContributors,
    private readonly check: SettingsCheck,
    private readonly setups: ProviderSetups,
    private readonly database: Database,
    private readonly pageTokens: PageTokens,
    private readonly reach: Reach,
    private readonly environment: Environment,
  ) {}

  /** Issues an address that opens the page once, within a quarter of an hour. A newer address replaces it. */
  async issueUrl(module: HostedModule, connectionId: string): Promise<string> {
    const token = await this.pageTokens.issue(connectionId);
    return `${this.environment.publicUrl}/${module.code}/account?token=${token}`;
  }

  /** Lists problems of the whole connection that the account's users can correct, for the page. */
  async listNotices(connection: Connection): Promise<LocalText[]> {
    const row = await this.connections.findRow(connection.id);
    return row ? [...listHealthNotices(row, connection.module.providers), ...listNotices(row)] : [];
  }

  /** Lists problems and hints of the connection's provider for the account's users. */
  async listProviderNotices(connection: Connection): Promise<LocalText[]> {
    return (await this.contributors.of(connection.module.integration).listNotices?.(connection)) ?? [];
  }

  /** Whether the connection's provider can check settings, and can set itself up at its service. */
  getAbilities(connection: Connection): { checks: boolean; connects: boolean } {
    return { checks: this.check.can(connection), connects: this.setups.connects(connection) };
  }

  /** Returns the settings' form and values. `brief`: without long lists. */
  async settings(connection: Connection, brief = false): Promise<SettingsView> {
    const { problems, warnings } = await judgeAddresses(this.reach, connection.module.manifest.settings, connection.settings, connection);
    return toView(connection, { ...problems, ...warnings }, await this.setups.view(connection), brief);
  }

  /**
   * Returns a list that a brief reading left out.
   * @throws CallbackError 409 if the settings have changed since the reading, 404 if the name does not belong
   * to a list
   */
  readList(connection: Connection, name: string, version: string | undefined): { rows: readonly unknown[] } {
    refuseOthers(connection, version, connection.settings);
    const rows = maskSecrets(connection.module.manifest.settings, connection.settings)[name];
    if (!Array.isArray(rows)) throw notFound('list', name);
    return { rows };
  }

  /** Lists the provider's presets: settings to start from. May be empty. */
  listPresets({ module }: Connection): readonly SettingsPreset<object>[] {
    return module.manifest.presets ?? [];
  }

  /**
   * Stores new settings that the service accepts, or that could not be checked because it is down. Schedules
   * a registration in the same transaction. Secrets left out stay unchanged, and are rejected if an address
   * changes. Returns the stored settings.
   * @param version of the reading that `incoming` is based on. @param brief whether to leave out long lists
   * in the returned settings
   * @throws BadInputError or CallbackError 400 if the settings are invalid or rejected by the service
   * @throws CallbackError 409 if the stored settings have another version
   */
  async saveSettings(connection: Connection, incoming: unknown, version?: string, brief = false): Promise<SettingsView> {
    const { settings, warnings } = await this.readSettings(connection, incoming, version);
    const check = await this.check.run(connection, settings);
    if (check?.state === 'errors') throw refuseSettings(check);
    await this.database.transaction(async (tx) => {
      // Compares again, because other settings may have been saved during the check.
      const judge = version === undefined ? undefined : (stored: object): void => refuseOthers(connection, version, stored);
      await this.settingsStore.keepSettings(connection, settings, tx, judge);
      await this.changes.note(tx, { kind: 'settings', connection, check });
    }, connection.request);
    if (this.setups.connects(connection)) await this.setups.run(connection);
    const saved = await this.connections.findById(connection.id, connection.module.integration);
    if (!saved) throw new CallbackError(404, 'The connection was removed.');
    return toView(saved, warnings, await this.setups.view(saved), brief);
  }

  /** Whether the connection's provider can check settings at its service. */
  canCheck(connection: Pick<Connection, 'module'>): boolean {
    return this.check.can(connection);
  }

  /**
   * Checks settings at the service: the passed settings, which are not stored, or the stored ones if none are
   * passed. `language`: of the reader. `version`: see `saveSettings`.
   * @throws CallbackError 404 if the provider cannot check settings, 409 like `saveSettings`
   * @throws BadInputError if the settings are invalid
   */
  async checkSettings(
    connection: Connection,
    incoming: unknown,
    { language = connection.account.language, version }: { language?: Language; version?: string } = {},
  ): Promise<CheckOutcome> {
    const isStored = incoming === undefined || incoming === null || isEmptyObject(incoming);
    const check = isStored
      ? await this.check.run(connection)
      : await this.check.run(connection, (await this.readSettings(connection, incoming, version)).settings);
    if (!check) throw new CallbackError(404, textFor(texts.noCheck, language));
    if (isStored) await this.setups.keepCheck(connection, check);
    return check;
  }

  /**
   * Sets the connection up at its service now. `language`: of the reader. Throws CallbackError 404 if the
   * provider cannot do this, 400 for a trial connection, 409 while another process is doing it.
   */
  async setUpProvider(
    connection: Connection,
    request: unknown,
    language: Language = connection.account.language,
  ): Promise<ProviderSetupView> {
    const { replace = false } = getParser(ConnectDto).parse(request ?? {});
    refuseForShadow(connection);
    if (!this.setups.connects(connection)) throw new CallbackError(404, textFor(texts.noConnect, language));
    if (!(await this.setups.run(connection, { replace }))) throw new CallbackError(409, textFor(texts.busy, language), undefined, 5);
    return (await this.setups.view(connection)) ?? { state: 'unset' };
  }

  /**
   * Returns settings as they would be stored, and warnings by path. `version`: see `saveSettings`.
   * @throws BadInputError with the fields, CallbackError 409
   */
  async readSettings(
    connection: Pick<Connection, 'module' | 'settings' | 'account'>,
    incoming: unknown,
    version?: string,
  ): Promise<{ settings: object; warnings: Readonly<Record<string, string>> }> {
    const { manifest } = connection.module;
    refuseOthers(connection, version, connection.settings);
    const { fields } = buildSettingsForm(manifest.settings);
    const whole = version === undefined ? incoming : restoreLists(fields, connection.settings, incoming);
    const unknown = findUnknown({ fields }, whole);
    if (!isEmptyObject(unknown)) throw new BadInputError(unknown);
    const settings = getParser(manifest.settings).parse(mergeSecrets(manifest.settings, connection.settings, whole));
    const addresses = await judgeAddresses(this.reach, manifest.settings, settings, connection);
    // Secrets of a long list that was left out were not entered again.
    const moved = { incoming, values: settings, account: connection.account };
    const problems = {
      // An unusable address has to be corrected first.
      ...(isEmptyObject(addresses.problems) ? findMovedSecrets(manifest.settings, connection.settings, moved) : addresses.problems),
      ...manifest.checkSettings?.(settings, connection.account.language),
    };
    if (Object.keys(problems).length > 0) throw new BadInputError(problems);
    return { settings, warnings: addresses.warnings };
  }
}

/**
 * A message about the settings as a whole becomes the error's sentence. If there are field errors, it is also
 * listed with them.
 */
function refuseSettings({ errors }: CheckOutcome): Error {
  const { '': whole, ...fields } = errors;
  if (whole === undefined) return new BadInputError(fields);
  return new CallbackError(400, whole, Object.keys(fields).length > 0 ? errors : fields);
}

/**
 * Throws CallbackError 409 if the stored settings have another version. Without a version all are accepted.
 */
function refuseOthers({ module }: Pick<Connection, 'module'>, version: string | undefined, stored: object): void {
  if (version !== undefined) refuseOtherVersion(version, maskSecrets(module.manifest.settings, stored));
}

function isEmptyObject(value: unknown): boolean {
  return typeof value === 'object' && value !== null && Object.keys(value).length === 0;
}

function toView(
  { module, settings, account }: Connection,
  warnings: Readonly<Record<string, string>>,
  service: ProviderSetupView | undefined,
  brief: boolean,
): SettingsView {
  const { code, settings: type, presets, describeMissing } = module.manifest;
  const lack = describeMissing?.(settings);
  const form = buildSettingsForm(type);
  const values: JsonObject = maskSecrets(type, settings);
  return {
    schema: { ...form, ...(presets && { presets: presets.map(({ title }) => ({ title })) }) },
    values: brief ? leaveOutLists(form.fields, values) : values,
    version: nameVersion(values),
    ...(Object.keys(warnings).length > 0 && { warnings }),
    ...(lack && { missing: textFor(lack, account.language) }),
    ...(service && { service }),
    ...(module.providers.length > 1 && { provider: code, providers: module.providers.map((part) => describePart(part, account.language)) }),
  };
}

function describePart({ manifest, integration }: HostedModule, language: Language): { code: string; integration: string; title: string } {
  return { code: manifest.code, integration, title: textFor(manifest.title, language) };
}
