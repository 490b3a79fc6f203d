import { Injectable } from '@nestjs/common';
import type { Connection } from '#connections';
import type { DtoClass, Language } from '#platform';

/** Settings after rules were applied to the stored ones. */
export interface SettingsVariant {
  /** Path of the rule that changes the settings: `contracts[0]`. */
  path: string;
  /** Properties of the settings that are at that path. */
  own: readonly string[];
  settings: object;
}

/** An integration's functions for an account's rules (`HostedModule.rules`). */
export interface RulesContributor {
  /** Same as `HostedModule.integration`. */
  readonly integration: string;
  /** Class of the sample that `preview` takes. Its form is on the account page. */
  readonly sample: DtoClass<object>;
  /** Lists that some providers do not use. An empty one is accepted for any provider. */
  readonly optionalLists?: readonly string[];
  /** Whether the rules have no effect. */
  isEmpty(rules: object): boolean;
  /**
   * Finds problems of rules that are to replace the stored ones, by path, in the account's language. Finds
   * only problems that the rules' class cannot detect.
   */
  findProblems(connection: Connection, rules: object): Promise<Record<string, string>>;
  /** Lists the settings that result from rules. Each is checked at the service. */
  listVariants(connection: Pick<Connection, 'settings'>, rules: object): SettingsVariant[];
  /**
   * Describes, in a language, the effect of rules on a sample. The rules may be unsaved.
   * @throws BadInputError, ProviderError
   */
  preview(connection: Connection, rules: object | undefined, sample: object, language: Language): Promise<object>;
}

/** The contributors of all integrations that have rules. IntegrationModule adds them at start. */
@Injectable()
export class RulesContributors {
  private readonly contributors = new Map<string, RulesContributor>();

  add(contributor: RulesContributor): void {
    this.contributors.set(contributor.integration, contributor);
  }

  /** Returns the contributor of a connection's integration, or undefined if its provider has no rules. */
  of({ module }: Pick<Connection, 'module'>): RulesContributor | undefined {
    return module.rules && this.contributors.get(module.integration);
  }
}
