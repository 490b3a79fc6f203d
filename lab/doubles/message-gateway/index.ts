export { MessageGateway } from './message-gateway.js';
export type { GatewayChannel, GatewayChat, GatewayMessage, GatewayMessageError, GatewayTransport } from './gateway-records.js';
export type { GatewayFile } from './gateway-files.js';
export type { GatewayModes } from './gateway-modes.js';
export type { GatewayCall, ManagerMessage } from './message-gateway-wire.js';
