export { FakeGatewayProvider } from './fake-gateway.provider.js';
export { FakeGatewaySettings } from './fake-gateway.settings.js';
