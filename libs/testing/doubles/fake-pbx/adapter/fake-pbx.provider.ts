import type { CallEvent, CallNews, CallRequest, PlacedCall, TelephonyProvider, TrackedCall } from '#telephony/port';
import { FakePbxClient } from './fake-pbx.client.js';
import { manifest } from './fake-pbx.manifest.js';
import type { FakePbxContext, FakePbxSettings } from './fake-pbx.settings.js';
import { FakePbxWebhook } from './fake-pbx.webhook.js';
import { track } from './track.js';

/** The provider for the fake PBX: an example of one that reports by webhook. */
export class FakePbxProvider implements TelephonyProvider<FakePbxSettings> {
  readonly manifest = manifest;
  readonly webhook = new FakePbxWebhook();
  private readonly client = new FakePbxClient();

  async call({ code, phone }: CallRequest, context: FakePbxContext): Promise<PlacedCall> {
    const { pbx_call_id: externalId } = await this.client.callBack(code, phone.replace(/\D/g, ''), context);
    return externalId === undefined ? {} : { externalId };
  }

  track(event: CallEvent, call: TrackedCall | undefined, receivedAt: Date, context: FakePbxContext): CallNews | undefined {
    return call?.endedAt ? undefined : track(event, call, receivedAt, context);
  }
}
