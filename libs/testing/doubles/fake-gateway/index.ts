export { FakeGateway } from './fake-gateway.js';
