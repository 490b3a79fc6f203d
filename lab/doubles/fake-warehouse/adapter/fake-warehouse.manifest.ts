import type { StoreManifest } from '#inventory/port';
import { FakeWarehouseSettings } from './fake-warehouse.settings.js';
import { texts } from './fake-warehouse.texts.js';

/** The adapter's manifest. */
export const manifest: StoreManifest<FakeWarehouseSettings> = {
  code: 'fake-warehouse',
  portVersion: 2,
  title: texts.title,
  logo: '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 64 64"><path d="M6 28 32 10l26 18v28H6z" fill="#6b7280"/><path d="M18 36h28v20H18z" fill="#fff"/></svg>',
  countries: ['RU', 'ES', 'MX'],
  settings: FakeWarehouseSettings,
  createDefaultSettings: () =>
    Object.assign(new FakeWarehouseSettings(), { baseUrl: 'http://127.0.0.1:4200', secret: 'fake-warehouse-signing-secret' }),
  // A reservation is set as a whole under its order's name: a repeat finds it as it should be.
  recovery: { kind: 'idempotency-key' },
  changesEverySeconds: () => 60,
  listCallPoints: () => ({ inventoriesUpload: [], inventoriesActualize: [] }),
};
