import { Injectable, Logger } from '@nestjs/common';
import { IsOptional, IsString, MaxLength } from 'class-validator';
import type { Connection } from '#connections';
import { CrmError, ScopeError } from '#crm-client';
import { CallbackError, errorText, errorTrace, fillIn, type LocalText, notFound, textFor, toLogLine } from '#platform';
import { buildTermMatcher, type CrmLookup, type LookupItem, ProviderError } from '#provider-kit';
import { CRM_LISTS, isCrmLookup } from '../crm-lists/crm-lists.js';
import { CrmValues } from '../crm-lists/crm-values.js';
import { texts } from '../onboarding.texts.js';
import { ProviderChoiceDto } from './provider-choice.js';
import { AllProviders } from '../provider-setup/all-providers.js';

/** Maximum number of items in a reply. */
const MOST_ITEMS = 50;
const SHOWN_LENGTH = 200;

/** A search term, with the provider to search at. */
export class LookupDto extends ProviderChoiceDto {
  /** Part of a searched text. Empty: the first items. */
  @IsOptional() @IsString() @MaxLength(100) term?: string;
}

/** Result of a lookup. */
export interface LookupResult {
  /** At most 50. */
  items: LookupItem[];
  /** Whether there are, or may be, more items. A longer term finds them. */
  more: boolean;
}

/** Searches for values of settings, at the provider's service and in the CRM's lists. */
@Injectable()
export class Lookups {
  private readonly logger = new Logger(Lookups.name);

  constructor(
    private readonly providers: AllProviders,
    private readonly crmValues: CrmValues,
  ) {}

  /**
   * Returns items whose label, value or hint has every word of the term (the CRM's lists), or items that the
   * provider finds with the stored settings.
   * @param name one of CRM_LOOKUPS or of the manifest's `lookups`
   * @throws CallbackError 404 for an unknown name, 400 if the CRM rejects the call or fails
   * @throws ProviderError from the provider's `lookUp`
   */
  async find(connection: Connection, name: string, term: string): Promise<LookupResult> {
    if (isCrmLookup(name)) {
      const matches = buildTermMatcher(term);
      const items = await this.listInCrm(connection, name);
      return cut(items.filter(({ label, value, hint }) => matches([label, value, hint])));
    }
    if (!connection.module.manifest.lookups?.includes(name)) throw notFound('lookup', name);
    return this.askProvider(connection, name, term);
  }

  private async listInCrm(connection: Connection, name: CrmLookup): Promise<LookupItem[]> {
    const { id, account, request } = connection;
    try {
      return await this.crmValues.list(connection, name);
    } catch (error) {
      if (!(error instanceof CrmError)) throw error;
      if (error instanceof ScopeError)
        throw new CallbackError(400, textFor(describeRefusal(name, CRM_LISTS[name].scope), account.language));
      this.logger.warn(toLogLine(`${name} of connection ${id} cannot be listed: ${errorText(error)}`, request));
      throw new CallbackError(400, textFor(texts.noList, account.language));
    }
  }

  private async askProvider(connection: Connection, name: string, term: string): Promise<LookupResult> {
    const { id, account, request } = connection;
    try {
      const calls = this.providers.of(connection);
      return readFound(
        await calls.call(connection, 'lookUp', (provider, context) => provider.lookUp(name, term, context), { trial: true }),
      );
    } catch (error) {
      if (error instanceof ProviderError) throw error;
      this.logger.error(toLogLine(`lookup ${name} of connection ${id} failed: ${errorTrace(error)}`, request));
      throw new CallbackError(400, textFor(texts.ourFault, account.language));
    }
  }
}

/** An external provider may return other types than declared. */
function readFound(found: readonly LookupItem[]): LookupResult {
  const { items, more } = cut(found.filter(({ value, label }) => isValue(value) && typeof label === 'string'));
  const shown = items.map(({ value, label, hint }) => ({
    value,
    label: label.slice(0, SHOWN_LENGTH),
    ...(typeof hint === 'string' && hint !== '' && { hint: hint.slice(0, SHOWN_LENGTH) }),
  }));
  return { items: shown, more: more || shown.length === MOST_ITEMS };
}

function isValue(value: unknown): boolean {
  return typeof value === 'string' || (typeof value === 'number' && Number.isFinite(value));
}

function cut(items: LookupItem[]): LookupResult {
  return { items: items.slice(0, MOST_ITEMS), more: items.length > MOST_ITEMS };
}

/** Names of values to type if the list cannot be loaded and the value is not a code. */
const TYPED: Readonly<Partial<Record<CrmLookup, LocalText>>> = texts.typed;

function describeRefusal(name: CrmLookup, scope: string): LocalText {
  const typed = TYPED[name] ?? texts.typed.code;
  return fillIn(texts.noScope, { scope, typed });
}
