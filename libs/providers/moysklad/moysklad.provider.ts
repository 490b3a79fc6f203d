import { bindApi } from '#provider-kit';
import type { StoreProvider } from '#inventory/port';
import { listChanges } from './changes.js';
import { check } from './check.js';
import { connect, disconnect } from './connect.js';
import { lookUp } from './lookups.js';
import { declareMoysklad } from './moysklad.api.js';
import { moyskladManifest } from './moysklad.manifest.js';
import type { MoyskladSettings } from './moysklad.settings.js';
import { takeBack, writeOff } from './movements.js';
import { reserve } from './reservation.js';
import { readStocks } from './stocks.js';
import { MoyskladWebhook } from './webhook.js';

const methods = bindApi(declareMoysklad, { check, connect, disconnect, lookUp, readStocks, reserve, writeOff, takeBack, listChanges });

/** MoySklad's store provider. */
export class MoyskladProvider extends methods implements StoreProvider<MoyskladSettings> {
  readonly manifest = moyskladManifest;
  readonly webhook = new MoyskladWebhook();
}
