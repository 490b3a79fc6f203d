import { IsString } from 'class-validator';
import type { CheckReport } from '#provider-kit';
import type { CallEvent, CallNews, CallRequest, TelephonyProvider, TrackedCall } from '#telephony/port';
import { checkAccount } from '../common/check.js';
import { TemplateClient } from '../common/template.client.js';
import { manifest } from './template.manifest.js';
import type { TemplateContext, TemplateSettings } from './template.settings.js';
import { TemplateWebhook } from './template.webhook.js';
import { track } from './track.js';

class WirePlaced {
  @IsString() call!: string;
}

/** The service as a telephony provider that reports calls by webhook. */
export class TemplateProvider implements TelephonyProvider<TemplateSettings> {
  readonly manifest = manifest;
  readonly webhook = new TemplateWebhook();
  private readonly client = new TemplateClient();

  check(_settings: TemplateSettings, context: TemplateContext): Promise<CheckReport> {
    return checkAccount(this.client, context);
  }

  async call({ reference, code, phone }: CallRequest, context: TemplateContext): Promise<void> {
    const json = { call: reference, extension: code, customer: phone.replace(/\D/g, '') };
    await this.client.read(WirePlaced, { method: 'POST', path: '/calls', json, effect: true }, context);
  }

  track(event: CallEvent, call: TrackedCall | undefined): CallNews | undefined {
    return track(event, call);
  }
}
