import { type CheckReport, isAuth, sayError } from '#provider-kit';
import type { CallEvent, CallUpdate, CallRequest, TelephonyProvider, TrackedCall } from '#telephony/port';
import { readAccount, placeCall } from './fake-switchboard.api.js';
import { manifest } from './fake-switchboard.manifest.js';
import type { FakeSwitchboardContext, FakeSwitchboardSettings } from './fake-switchboard.settings.js';
import { FakeSwitchboardWebhook } from './fake-switchboard.webhook.js';
import { track } from './track.js';

/** The fake switchboard as a telephony provider that reports calls by webhook. */
export class FakeSwitchboardProvider implements TelephonyProvider<FakeSwitchboardSettings> {
  readonly manifest = manifest;
  readonly webhook = new FakeSwitchboardWebhook();

  async check(_settings: FakeSwitchboardSettings, context: FakeSwitchboardContext): Promise<CheckReport> {
    try {
      return { account: (await readAccount(context)).name };
    } catch (error) {
      if (!isAuth(error)) throw error;
      return { errors: { token: sayError(error, context.account.language) } };
    }
  }

  async call({ reference, code, phone }: CallRequest, context: FakeSwitchboardContext): Promise<void> {
    const json = { call: reference, extension: code, customer: phone.replace(/\D/g, '') };
    await placeCall(context, { json });
  }

  track(event: CallEvent, call: TrackedCall | undefined): CallUpdate | undefined {
    return track(event, call);
  }
}
