import { Injectable } from '@nestjs/common';
import type { ChatProvider, ChatVisits } from '#chat/port';
import type { ProviderContext } from '#provider-kit';
import { VisitsStore } from './visits-store.js';
import { webvisitsManifest } from './webvisits.manifest.js';
import type { WebvisitsSettings } from './webvisits.settings.js';

/** Returns what the script on the shop's site recorded about a chat's customer. */
@Injectable()
export class WebvisitsProvider implements ChatProvider<WebvisitsSettings> {
  readonly manifest = webvisitsManifest;

  constructor(private readonly store: VisitsStore) {}

  findLastOnline(externalUserId: string, context: ProviderContext<WebvisitsSettings>): Promise<Date | undefined> {
    return this.store.findLastSeen(context.connectionId, externalUserId);
  }

  readVisits(externalChatId: string, context: ProviderContext<WebvisitsSettings>): Promise<ChatVisits> {
    return this.store.readVisits(context.connectionId, externalChatId, context.now, context.settings.visitMinutes);
  }

  isUsed({ connectionId }: ProviderContext<WebvisitsSettings>): Promise<boolean> {
    return this.store.hasVisits(connectionId);
  }
}
