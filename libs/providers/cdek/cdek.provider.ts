import type { DeliveryProvider } from '#delivery/port';
import { bindApi } from '#provider-kit';
import { declareCdek } from './cdek.api.js';
import { decide, listDeliveryDays } from './agreement.js';
import { cdekManifest } from './cdek.manifest.js';
import type { CdekSettings } from './cdek.settings.js';
import { check, refresh } from './check.js';
import { suggestCities } from './cities.js';
import { connect, disconnect } from './connect.js';
import { print } from './documents.js';
import { cancelIntake, findIntake, saveIntake } from './intake.js';
import { lookUp } from './lookups.js';
import { cancelOrder } from './order-cancel.js';
import { saveOrder } from './order-save.js';
import { findOrder, getOrder } from './order.js';
import { listPickupPoints } from './points.js';
import { calculate, listTariffs } from './quote.js';
import { listRegisters } from './registers.js';
import { CdekWebhook, trackOrders } from './tracking.js';

const methods = bindApi(declareCdek, {
  check,
  connect,
  disconnect,
  lookUp,
  calculate,
  listTariffs,
  listPickupPoints,
  autocomplete: suggestCities,
  save: saveOrder,
  find: findOrder,
  get: getOrder,
  cancel: cancelOrder,
  decide,
  listDeliveryDays,
  print,
  saveShipment: saveIntake,
  findShipment: findIntake,
  cancelShipment: cancelIntake,
  track: trackOrders,
  listRegisters,
  refresh,
});

/** CDEK's delivery provider. Tokens and directories are in the context's cache. */
export class CdekProvider extends methods implements DeliveryProvider<CdekSettings> {
  readonly manifest = cdekManifest;
  readonly webhook = new CdekWebhook();
}
