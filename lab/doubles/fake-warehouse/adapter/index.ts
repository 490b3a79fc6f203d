export { FakeWarehouseProvider } from './fake-warehouse.provider.js';
export { FakeWarehouseSettings } from './fake-warehouse.settings.js';
