export { FakeCarrierProvider } from './fake-carrier.provider.js';
export { FakeCarrierSettings } from './fake-carrier.settings.js';
