import { Injectable } from '@nestjs/common';
import { type Connection, CrmClients, isAccountRejection } from '#connections';
import { CrmError } from '#crm-client';
import { InjectProviders, type Providers } from '#integration-kit';
import { toSubject } from '#journal';
import { fillIn } from '#platform';
import { makeError } from '#provider-kit';
import { texts } from './delivery.texts.js';
import type { DeliveryProvider, SaveRequest } from './port/index.js';
import type { DeliveryRules } from './rules/rules.dto.js';

/** Milliseconds for reading the order. The carrier gets the rest of the callback's time. */
const READ_MS = 3_000;

/** Reads the number of the buyer's document from a custom field of the order, which saves do not contain. */
@Injectable()
export class BuyerDocuments {
  constructor(
    @InjectProviders('delivery') private readonly providers: Providers<DeliveryProvider>,
    private readonly crmClients: CrmClients,
  ) {}

  /**
   * Returns the request with the number, or unchanged if the carrier takes none or the rules lack its field.
   * @throws ProviderError `unavailable` if the CRM cannot be reached, `rejected` if its key may not read
   * orders, `invalid` if the carrier requires a number and there is none
   */
  async add(connection: Connection, request: SaveRequest): Promise<SaveRequest> {
    const { recipientDocument } = this.providers.getManifest(connection);
    if (!recipientDocument) return request;
    const { documentField: field } = (connection.rules ?? {}) as Partial<DeliveryRules>;
    const document = field && (await this.read(connection, request.order, field));
    if (document) return { ...request, recipient: { ...request.recipient, document } };
    if (recipientDocument !== 'required') return request;
    throw makeError('invalid', field ? fillIn(texts.documentMissing, { field }) : texts.documentUnset);
  }

  private async read(connection: Connection, order: string, field: string): Promise<string | undefined> {
    // The CRM's ids are whole numbers.
    if (!/^\d{1,15}$/.test(order)) return undefined;
    const errand = { request: connection.request, subjects: [toSubject('order', order)] };
    const crm = await this.crmClients.crmFor(connection.id, 'interactive', errand);
    try {
      const filter = { ids: [Number(order)] };
      const { orders } = await crm.exact.orders.list({ filter, limit: 20 }, { signal: AbortSignal.timeout(READ_MS) });
      // Custom fields have any type. PHP sends an empty map as a list.
      const value: unknown = (orders?.[0]?.customFields as Readonly<Record<string, unknown>> | undefined)?.[field];
      return typeof value === 'string' || typeof value === 'number' ? String(value).trim() || undefined : undefined;
    } catch (error) {
      if (!(error instanceof CrmError)) throw error;
      throw isAccountRejection(error)
        ? makeError('rejected', texts.documentRejected, { cause: error })
        : makeError('unavailable', texts.documentUnread, { cause: error });
    }
  }
}
