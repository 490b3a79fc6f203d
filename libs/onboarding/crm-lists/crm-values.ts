import { Injectable } from '@nestjs/common';
import { type Connection, CrmClients, SharedCache } from '#connections';
import { CrmError } from '#crm-client';
import { listLookedUp, type LookedUp, textFor } from '#platform';
import type { CrmLookup, LookupItem } from '#provider-kit';
import { CRM_LISTS, isCrmLookup } from './crm-lists.js';
import { texts } from '../onboarding.texts.js';

/** Milliseconds for reading a list from the CRM. Less if a person waits for other things as well. */
const READ_MS = 10_000;
const COMPARE_MS = 4_000;
const KEPT_S = 300;
/** Owner of the lists in the cache. Not a provider's code, because those are in lower case. */
const CRM = 'CRM';

/** The CRM's lists that settings refer to, cached for some minutes. */
@Injectable()
export class CrmValues {
  constructor(
    private readonly crmClients: CrmClients,
    private readonly cache: SharedCache,
  ) {}

  /** Returns a list from the CRM. Throws CrmError. */
  list({ id, request }: Connection, name: CrmLookup, budgetMs = READ_MS): Promise<LookupItem[]> {
    // Sealed, because users have names and addresses.
    return this.cache.forProvider(CRM, id).fetch(toKey(name), { ttlSeconds: KEPT_S, secret: true }, async () => {
      const crm = await this.crmClients.crmFor(id, 'interactive', { request });
      return CRM_LISTS[name].load(crm, { signal: AbortSignal.timeout(budgetMs), totalTimeout: budgetMs });
    });
  }

  /**
   * Finds values in the settings that the CRM does not have, by path, in the account's language. Unreadable
   * lists are not judged. Neither are users, because a user who left may remain in the settings.
   */
  async findUnknown(connection: Connection, settings: object): Promise<Record<string, string>> {
    const named = listLookedUp(connection.module.manifest.settings, settings);
    const names = [...new Set(named.map(({ lookup }) => lookup))].filter(isCrmLookup).filter((name) => name !== 'users');
    const unknown = await Promise.all(
      names.map((name) =>
        this.listUnknown(
          connection,
          name,
          named.filter(({ lookup }) => lookup === name),
        ),
      ),
    );
    const text = textFor(texts.notInCrm, connection.account.language);
    return Object.fromEntries(unknown.flat().map(({ path }) => [path, text]));
  }

  private async listUnknown(connection: Connection, name: CrmLookup, named: readonly LookedUp[]): Promise<LookedUp[]> {
    const compare = async (): Promise<LookedUp[]> => {
      const known = new Set((await this.list(connection, name, COMPARE_MS)).map(({ value }) => value));
      return named.filter(({ value }) => !known.has(value));
    };
    try {
      if ((await compare()).length === 0) return [];
      // The value may have been added in the CRM a minute ago.
      await this.cache.forProvider(CRM, connection.id).forget(toKey(name));
      return await compare();
    } catch (error) {
      if (!(error instanceof CrmError)) throw error;
      return [];
    }
  }
}

function toKey(name: CrmLookup): string {
  return `lookup/${name}`;
}
