import type { CallEvent, CallUpdate, CallRequest, PlacedCall, RecordFile, TelephonyProvider, TrackedCall } from '#telephony/port';
import { catchUp } from './catch-up.js';
import { placeCall } from './fake-pbx.api.js';
import { manifest } from './fake-pbx.manifest.js';
import type { FakePbxContext, FakePbxSettings } from './fake-pbx.settings.js';
import { FakePbxWebhook } from './fake-pbx.webhook.js';
import { findRecord } from './records.js';
import { track } from './track.js';

/** The provider for the fake PBX, which reports by webhook. */
export class FakePbxProvider implements TelephonyProvider<FakePbxSettings> {
  readonly manifest = manifest;
  readonly webhook = new FakePbxWebhook();

  /** Makes the extension's phone ring. The number is called when someone picks up. */
  async call({ code, phone }: CallRequest, context: FakePbxContext): Promise<PlacedCall> {
    const query = { from: code, sip: code, to: phone.replace(/\D/g, '') };
    return { externalId: (await placeCall(context, { query })).pbx_call_id };
  }

  track(event: CallEvent, call: TrackedCall | undefined, receivedAt: Date, context: FakePbxContext): CallUpdate | undefined {
    return call?.endedAt ? undefined : track(event, call, receivedAt, context);
  }

  catchUp(since: Date, context: FakePbxContext): Promise<CallEvent[]> {
    return catchUp(since, context);
  }

  findRecord(reference: string, context: FakePbxContext): Promise<RecordFile | undefined> {
    return findRecord(reference, context);
  }
}
