export { MessageGateway } from './message-gateway.js';
export type { MessageGatewayOptions } from './message-gateway.js';
export type { GatewayCaptured, ManagerMessage } from './gateway-control.js';
export type { GatewayChannel, GatewayChat, GatewayMessage, GatewayMessageError, GatewayTransport } from './gateway-book.js';
export type { GatewayCall, GatewayFault } from './gateway-faults.js';
export type { GatewayFile } from './gateway-files.js';
export type { GatewayModes } from './gateway-modes.js';
export type { GatewayWebhookAttempt, GatewayWebhookFlush } from './gateway-webhooks.js';
