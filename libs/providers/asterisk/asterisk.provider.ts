import type { CheckReport } from '#provider-kit';
import type {
  CallListener,
  CallRequest,
  Closeable,
  RecordFile,
  StatusRequest,
  TelephonyManifest,
  TelephonyProvider,
} from '#telephony/port';
import { getAddress } from './asterisk.client.js';
import { asteriskManifest } from './asterisk.manifest.js';
import type { AsteriskContext, AsteriskSettings } from './asterisk.settings.js';
import { AsteriskListener } from './call-listener.js';
import { findCall, placeCall, setUserStatus } from './call.js';
import { check } from './check.js';
import { Recordings } from './recordings.js';

/**
 * Asterisk behind the telephony port: for each of the port's methods, the function that does it. One lasting
 * connection listens to events. Everything else has its own short connection.
 */
export class AsteriskProvider implements TelephonyProvider<AsteriskSettings> {
  readonly manifest: TelephonyManifest<AsteriskSettings>;

  /**
   * `recordingsRoot` holds a folder for each connection. Without it recordings come only from web servers.
   */
  constructor(private readonly recordingsRoot?: string) {
    this.manifest = asteriskManifest(recordingsRoot);
  }

  check(settings: AsteriskSettings, context: AsteriskContext): Promise<CheckReport> {
    return check(settings, context, this.openRecordings(context));
  }

  call(request: CallRequest, context: AsteriskContext): Promise<void> {
    return placeCall(request, context);
  }

  findCall(reference: string, context: AsteriskContext): Promise<boolean> {
    return findCall(reference, context);
  }

  setUserStatus(request: StatusRequest, context: AsteriskContext): Promise<void> {
    return setUserStatus(request, context);
  }

  listen(context: AsteriskContext, listener: CallListener): Promise<Closeable> {
    return Promise.resolve(new AsteriskListener(context.settings, getAddress(context), listener, this.openRecordings(context)));
  }

  findRecord(reference: string, context: AsteriskContext): Promise<RecordFile | undefined> {
    return this.openRecordings(context).find(reference, context.signal);
  }

  private openRecordings(context: AsteriskContext): Recordings {
    return new Recordings(context, this.recordingsRoot);
  }
}
