import { InjectProviders, type Providers } from '#integration-kit';
import { Injectable } from '@nestjs/common';
import type { IntegrationsInput } from '#crm-client/wire';
import type { Connection } from '#connections';
import type { RegistrationPart } from '#onboarding';
import type { PaymentProvider } from './port/index.js';

/** Paths of the callbacks below the base URL. */
const PATHS = {
  create: '/payment/create',
  approve: '/payment/approve',
  cancel: '/payment/cancel',
  refund: '/payment/refund',
  status: '/payment/status',
};

/** What the CRM is told a payment module can do: derived from the provider and the connection's settings (reference: PaymentConfiguration). */
@Injectable()
export class PaymentRegistration implements RegistrationPart {
  readonly integration = 'payment';
  readonly scopes = ['payments_read', 'payments_write'];

  constructor(@InjectProviders('payment') private readonly providers: Providers<PaymentProvider>) {}

  build(connection: Connection): IntegrationsInput {
    const provider = this.providers.of(connection);
    const { manifest } = provider;
    const shops = manifest.listShops(connection.settings).map(({ code, name, active }) => ({ code, name, active }));
    // A CRM refuses a payment module without shops, and there are none before its keys are entered on the account page.
    if (shops.length === 0) return {};
    return {
      payment: {
        actions: actionsOf(provider),
        currencies: [...manifest.currencies],
        invoiceTypes: [...manifest.invoiceTypes],
        shops,
      },
    };
  }
}

/** Callbacks by the method each needs. */
function actionsOf(provider: PaymentProvider): Partial<typeof PATHS> {
  const able: Record<keyof typeof PATHS, boolean> = {
    create: true,
    approve: provider.approve !== undefined,
    cancel: provider.cancel !== undefined,
    refund: provider.refund !== undefined,
    status: true,
  };
  return Object.fromEntries(Object.entries(PATHS).filter(([action]) => able[action as keyof typeof PATHS]));
}
