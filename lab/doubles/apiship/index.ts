export { ApiShipDouble } from './apiship-double.js';
export type { ApiShipStatusPush } from './apiship-book.js';
export type { ApiShipModes } from './apiship-modes.js';
export type { ApiShipConnection } from './apiship-network.js';
export type { ApiShipCourierCall, ApiShipOrder, ApiShipOrderBody, ApiShipStatus } from './apiship-objects.js';
export { writeWebhook as apiShipWebhookBody } from './apiship-replies.js';
