import { type CheckReport, shape, text } from '#provider-kit';
import type { CallEvent, CallUpdate, CallRequest, TelephonyProvider, TrackedCall } from '#telephony/port';
import { declareCheck } from '../common/check.js';
import { openService } from '../common/template.api.js';
import { manifest } from './template.manifest.js';
import type { TemplateContext, TemplateSettings } from './template.settings.js';
import { TemplateWebhook } from './template.webhook.js';
import { track } from './track.js';

const service = openService();
const check = declareCheck(service);
const placeCall = service.act('POST /calls', shape({ call: text }));

/** The service as a telephony provider that reports calls by webhook. */
export class TemplateProvider implements TelephonyProvider<TemplateSettings> {
  readonly manifest = manifest;
  readonly webhook = new TemplateWebhook();

  check(_settings: TemplateSettings, context: TemplateContext): Promise<CheckReport> {
    return check(context);
  }

  async call({ reference, code, phone }: CallRequest, context: TemplateContext): Promise<void> {
    const json = { call: reference, extension: code, customer: phone.replace(/\D/g, '') };
    await placeCall(context, { json });
  }

  track(event: CallEvent, call: TrackedCall | undefined): CallUpdate | undefined {
    return track(event, call);
  }
}
