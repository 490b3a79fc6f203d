import { checkShopCodes, listShops, type PaymentManifest, PaymentShop } from '#payment/port';
import { FakeGatewaySettings } from './fake-gateway.settings.js';
import { texts } from './fake-gateway.texts.js';

/**
 * The gateway's description for the CRM: the module's registration follows from it and the provider's
 * methods.
 */
export const manifest: PaymentManifest<FakeGatewaySettings> = {
  code: 'fake-gateway',
  portVersion: 2,
  title: texts.title,
  logo: '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 64 64"><rect x="6" y="14" width="52" height="36" rx="5" fill="#6b7280"/><path d="M6 22h52v7H6z" fill="#374151"/></svg>',
  countries: ['RU', 'ES', 'MX'],
  settings: FakeGatewaySettings,
  createDefaultSettings: () =>
    Object.assign(new FakeGatewaySettings(), {
      ...{ baseUrl: 'http://127.0.0.1:4400', token: 'fake-gateway-token' },
      shops: [
        Object.assign(new PaymentShop(), { code: 'main', name: 'Main', capture: 'automatic' }),
        Object.assign(new PaymentShop(), { code: 'two-stages', name: 'Two stages', capture: 'manual' }),
      ],
    }),
  checkSettings: checkShopCodes,
  // A repeated call with the same key returns the payment's present state.
  recovery: { kind: 'idempotency-key' },
  widget: { actions: [{ id: 'remind', label: texts.remind.label, states: ['pending'], hasEffect: true }] },
  currencies: ['RUB', 'EUR', 'MXN', 'JPY'],
  invoiceTypes: ['link'],
  captureModes: ['automatic', 'manual'],
  listShops,
};
