import { bindApi } from '#provider-kit';
import type { TelephonyManifest, TelephonyProvider } from '#telephony/port';
import { placeCall } from './call.js';
import { catchUp } from './catch-up.js';
import { check } from './check.js';
import { connect, disconnect } from './connect.js';
import { lookUp } from './lookups.js';
import { findRecord } from './records.js';
import { track } from './track.js';
import { ZadarmaWebhook } from './webhook.js';
import { declareZadarma } from './zadarma.api.js';
import { manifest } from './zadarma.manifest.js';
import type { ZadarmaSettings } from './zadarma.settings.js';

const methods = bindApi(declareZadarma, { check, connect, disconnect, lookUp, call: placeCall, catchUp, findRecord });

/**
 * Zadarma behind the telephony port. Calls are reported by webhook. A manager's status has no place at
 * Zadarma, so that `setUserStatus` is left out.
 */
export class ZadarmaProvider extends methods implements TelephonyProvider<ZadarmaSettings> {
  readonly manifest: TelephonyManifest<ZadarmaSettings> = manifest;
  readonly webhook = new ZadarmaWebhook();
  readonly track = track;
}
