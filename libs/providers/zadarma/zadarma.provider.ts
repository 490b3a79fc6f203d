import type { CheckReport, ConnectReport, ConnectRequest, LookupItem } from '#provider-kit';
import type { CallEvent, CallNews, CallRequest, RecordFile, TelephonyManifest, TelephonyProvider, TrackedCall } from '#telephony/port';
import { placeCall } from './call.js';
import { catchUp } from './catch-up.js';
import { check } from './check.js';
import { connect, disconnect } from './connect.js';
import { lookUp } from './lookups.js';
import { findRecord } from './records.js';
import { track } from './track.js';
import { ZadarmaWebhook } from './webhook.js';
import { declareZadarma, type Zadarma } from './zadarma.api.js';
import { manifest } from './zadarma.manifest.js';
import type { ZadarmaContext, ZadarmaSettings } from './zadarma.settings.js';

/**
 * Zadarma behind the telephony port: for each of the port's methods, the function that does it. Calls are
 * told by webhook; a manager's status has no place at Zadarma, so that `setUserStatus` is left out.
 */
export class ZadarmaProvider implements TelephonyProvider<ZadarmaSettings> {
  readonly manifest: TelephonyManifest<ZadarmaSettings> = manifest;
  readonly webhook = new ZadarmaWebhook();
  private readonly api: Zadarma;

  /** `baseUrl` replaces the address of Zadarma's API: a double's. */
  constructor(baseUrl?: string) {
    this.api = declareZadarma(baseUrl);
  }

  check(settings: ZadarmaSettings, context: ZadarmaContext): Promise<CheckReport> {
    return check(this.api, settings, context);
  }

  connect(request: ConnectRequest, context: ZadarmaContext): Promise<ConnectReport> {
    return connect(this.api, request, context);
  }

  disconnect(context: ZadarmaContext): Promise<void> {
    return disconnect(this.api, context);
  }

  lookUp(name: string, term: string, context: ZadarmaContext): Promise<LookupItem[]> {
    return lookUp(this.api, name, term, context);
  }

  call(request: CallRequest, context: ZadarmaContext): Promise<void> {
    return placeCall(this.api, request, context);
  }

  track(event: CallEvent, call: TrackedCall | undefined, receivedAt: Date, context: ZadarmaContext): CallNews | undefined {
    return track(event, call, receivedAt, context);
  }

  catchUp(since: Date, context: ZadarmaContext): Promise<CallEvent[]> {
    return catchUp(this.api, since, context);
  }

  findRecord(reference: string, context: ZadarmaContext): Promise<RecordFile | undefined> {
    return findRecord(this.api, reference, context);
  }
}
