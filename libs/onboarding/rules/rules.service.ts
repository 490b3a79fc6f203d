import { Injectable } from '@nestjs/common';
import { IsOptional, IsString } from 'class-validator';
import { type Connection, SettingsStore, ConnectionStore } from '#connections';
import {
  BadInputError,
  buildSettingsForm,
  CallbackError,
  Database,
  type DtoClass,
  findMisfits,
  getParser,
  type JsonObject,
  maskSecrets,
  mergeSecrets,
  Reach,
  type SettingsForm,
  textFor,
} from '#platform';
import { AccountChanges } from '../changes/account-changes.js';
import { judgeAddresses } from '../account-page/addresses.js';
import { nameVersion, refuseOtherVersion } from '../account-page/long-lists.js';
import { texts } from '../onboarding.texts.js';
import { type RulesContributor, RulesContributors } from '../contributors/rules-contributors.js';
import { SettingsCheck } from '../provider-setup/settings-check.js';

/** Rules as shown on a page. */
export interface RulesView {
  /** The form of the rules. */
  schema: SettingsForm;
  /** The form of a sample for the preview. */
  sample: SettingsForm;
  /** Secrets are replaced by whether they are set. */
  values: unknown;
  /** The version of these rules, valid until others are saved. */
  version: string;
}

/** The rules that a change is based on. */
export class RulesVersionDto {
  /** Version of the rules that were read. Other stored rules are rejected with 409. */
  @IsOptional() @IsString() version?: string;
}

/** A connection that has rules, with their class. */
interface Ruled {
  /** The connection through the provider that has the rules. At most one provider of a module has rules. */
  connection: Connection;
  contributor: RulesContributor;
  type: DtoClass<object>;
}

/** Reads, saves and previews an account's rules, for its page and the operator. */
@Injectable()
export class RulesService {
  constructor(
    private readonly connections: ConnectionStore,
    private readonly settingsStore: SettingsStore,
    private readonly contributors: RulesContributors,
    private readonly check: SettingsCheck,
    private readonly changes: AccountChanges,
    private readonly database: Database,
    private readonly reach: Reach,
  ) {}

  /** Whether the connection's current provider has rules. */
  has(connection: Connection): boolean {
    return this.contributors.of(connection) !== undefined;
  }

  /** Returns the rules' form and values. Throws CallbackError 404 if the provider has no rules. */
  view(of: Connection): RulesView {
    const { connection, contributor, type } = this.find(of);
    const values = maskRules(type, connection.rules);
    return { schema: buildSettingsForm(type), sample: buildSettingsForm(contributor.sample), values, version: nameVersion(values) };
  }

  /**
   * Stores new rules once the service accepts the resulting settings, or if it could not be checked. Secrets
   * left out stay unchanged. Returns the stored rules.
   * @param version of the reading that `incoming` is based on
   * @throws BadInputError if the rules are invalid or rejected by the service, CallbackError 404 like `view`,
   * 409 if the stored rules have another version
   */
  async save(of: Connection, incoming: unknown, version?: string): Promise<RulesView> {
    const ruled = this.find(of);
    const { connection } = ruled;
    const judge = (stored: object | undefined): void => {
      if (version !== undefined) refuseOtherVersion(version, maskRules(ruled.type, stored));
    };
    judge(connection.rules);
    const rules = await this.read(ruled, incoming);
    const variants = ruled.contributor.listVariants(connection, rules);
    refuseProblems((await this.check.runVariants(connection, variants)).errors);
    await this.database.transaction(async (tx) => {
      // Compares again, because other rules may have been saved during the check.
      await this.settingsStore.keepRules(connection, ruled.contributor.isEmpty(rules) ? undefined : rules, tx, judge);
      // Checks again, because settings without a name that the rules use may have been saved during the
      // check.
      refuseProblems(await ruled.contributor.findProblems(connection, rules));
      await this.changes.note(tx, { kind: 'rules', connection });
    }, connection.request);
    const saved = await this.connections.findById(connection.id, connection.module.integration);
    if (!saved) throw new CallbackError(404, 'The connection was removed.');
    return this.view(saved);
  }

  /**
   * Describes the effect of rules on a sample: the unsaved rules in `request.rules`, or the stored ones. In
   * the account's language, unless another is given.
   * @throws like `save`, and ProviderError
   */
  async preview(of: Connection, request: unknown, language = of.account.language): Promise<object> {
    const ruled = this.find(of);
    const { connection } = ruled;
    const { rules, ...sample } = (typeof request === 'object' && request !== null ? request : {}) as { rules?: unknown };
    const read = getParser(ruled.contributor.sample).parse(sample);
    const tried = rules === undefined ? connection.rules : await this.read(ruled, rules, 'rules.');
    return ruled.contributor.preview(connection, tried, read, language);
  }

  /** Returns rules as they would be stored. Throws BadInputError with paths that start with `prefix`. */
  private async read({ connection, contributor, type }: Ruled, incoming: unknown, prefix = ''): Promise<object> {
    try {
      const misfits = findMisfits(buildSettingsForm(type), incoming);
      for (const name of contributor.optionalLists ?? []) if (isEmptyList(incoming, name)) delete misfits[name];
      refuseProblems(misfits);
      const rules = getParser(type).parse(mergeSecrets(type, connection.rules, incoming));
      const [addresses, found] = await Promise.all([
        judgeAddresses(this.reach, type, rules, connection),
        contributor.findProblems(connection, rules),
      ]);
      refuseProblems({ ...addresses.problems, ...found });
      return rules;
    } catch (error) {
      if (!(error instanceof BadInputError) || prefix === '') throw error;
      throw new BadInputError(Object.fromEntries(Object.entries(error.errors).map(([path, problem]) => [`${prefix}${path}`, problem])));
    }
  }

  private find(of: Connection): Ruled {
    for (const connection of of.views) {
      const contributor = this.contributors.of(connection);
      const type = connection.module.rules;
      if (contributor && type) return { connection, contributor, type };
    }
    throw new CallbackError(404, textFor(texts.noRules, of.account.language));
  }
}

/** Returns rules without secrets. Undefined: the default rules. */
function maskRules(type: DtoClass<object>, rules: object | undefined): JsonObject {
  return maskSecrets(type, rules ?? getParser(type).parse({}));
}

function isEmptyList(values: unknown, name: string): boolean {
  const list: unknown = (values as Readonly<Record<string, unknown>> | null)?.[name];
  return Array.isArray(list) && list.length === 0;
}

function refuseProblems(problems: Record<string, string>): void {
  if (Object.keys(problems).length > 0) throw new BadInputError(problems);
}
