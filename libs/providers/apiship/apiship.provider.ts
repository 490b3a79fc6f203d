import type { DeliveryProvider } from '#delivery/port';
import { bindApi } from '#provider-kit';
import { declareApiship } from './apiship.api.js';
import { apishipManifest } from './apiship.manifest.js';
import type { ApishipSettings } from './apiship.settings.js';
import { check } from './check.js';
import { connect, disconnect } from './connect.js';
import { print } from './documents.js';
import { cancelIntake, findIntake, saveIntake } from './intake.js';
import { lookUp } from './lookups.js';
import { cancelOrder, saveOrder } from './order-save.js';
import { findOrder, getOrder } from './order.js';
import { listPickupPoints } from './points.js';
import { calculate } from './quote.js';
import { suggestServices } from './services.js';
import { listTariffs } from './tariffs.js';
import { ApishipWebhook, trackOrders } from './tracking.js';

const methods = bindApi(declareApiship, {
  check,
  connect,
  disconnect,
  lookUp,
  calculate,
  listTariffs,
  listPickupPoints,
  autocomplete: suggestServices,
  save: saveOrder,
  find: findOrder,
  get: getOrder,
  cancel: cancelOrder,
  print,
  saveShipment: saveIntake,
  findShipment: findIntake,
  cancelShipment: cancelIntake,
  track: trackOrders,
});

/** ApiShip's delivery provider. Tokens and directories are in the context's cache. */
export class ApishipProvider extends methods implements DeliveryProvider<ApishipSettings> {
  readonly manifest = apishipManifest;
  readonly webhook = new ApishipWebhook();
}
