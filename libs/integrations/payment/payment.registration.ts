import { Injectable } from '@nestjs/common';
import type { Connection } from '#connections';
import type { IntegrationsInput } from '#crm-client/wire';
import { InjectProviders, type Providers } from '#integration-kit';
import type { RegistrationContributor } from '#onboarding';
import { Database } from '#platform';
import { CALLBACK_PATHS } from './payment.paths.js';
import type { PaymentProvider } from './port/index.js';
import { TrialPayments } from './trial/trial-payments.js';

/** Registers a payment module's capabilities by provider and settings (reference: PaymentConfiguration). */
@Injectable()
export class PaymentRegistration implements RegistrationContributor {
  readonly integration = 'payment';
  readonly scopes = ['payments_read', 'payments_write'];

  constructor(
    @InjectProviders('payment') private readonly providers: Providers<PaymentProvider>,
    private readonly database: Database,
    readonly trials: TrialPayments,
  ) {}

  /** Whether a buyer paid, money is held, or a test payment was made. */
  async isUsed(connection: Connection): Promise<boolean> {
    const paid = 'SELECT 1 FROM payment WHERE connection_id = $1 AND (paid_at IS NOT NULL OR held_minor IS NOT NULL) LIMIT 1';
    return (await this.database.query(paid, [connection.id])).length > 0 || this.trials.isPaid(connection);
  }

  build(connection: Connection): IntegrationsInput {
    const manifest = this.providers.getManifest(connection);
    const shops = manifest.listShops(connection.settings).map(({ code, name, active }) => ({ code, name, active }));
    // The CRM rejects a payment module without shops, and there are none until its keys are entered.
    if (shops.length === 0) return {};
    return {
      payment: {
        actions: this.listActions(connection),
        currencies: [...manifest.currencies],
        // The CRM rejects other types if its contract has only `link`.
        invoiceTypes: [...manifest.invoiceTypes] as 'link'[],
        shops,
      },
    };
  }

  /** Lists the callbacks that the provider has a method for. */
  private listActions(connection: Connection): Partial<typeof CALLBACK_PATHS> {
    const methods = { create: 'create', approve: 'approve', cancel: 'cancel', refund: 'refund', status: 'get' } as const;
    const able = Object.entries(CALLBACK_PATHS).filter(([action]) =>
      this.providers.has(connection, methods[action as keyof typeof CALLBACK_PATHS]),
    );
    return Object.fromEntries(able);
  }
}
