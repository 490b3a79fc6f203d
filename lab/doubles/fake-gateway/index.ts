export { FakeGateway } from './fake-gateway.js';
export type { FakeGatewayCall } from './fake-gateway.js';
