import { WebAnalytics } from '#chat/services';
import { Database } from '#platform';
import { createSpecDatabase, providerContext } from '#testing';
import { runChatConformance } from '../../testing/conformance/index.js';
import { VisitsStore } from './visits-store.js';
import { webvisitsSchema } from './webvisits.module.js';
import { WebvisitsProvider } from './webvisits.provider.js';
import { WebvisitsSettings } from './webvisits.settings.js';

/** Drops reports, because nothing is sent from here. */
class SilentAnalytics extends WebAnalytics {
  override add(): Promise<void> {
    return Promise.resolve();
  }

  override forget(): Promise<void> {
    return Promise.resolve();
  }
}

runChatConformance<WebvisitsSettings>('The web visits service', {
  methods: ['findLastOnline', 'readVisits'],
  start: async () => {
    const { source, remove } = await createSpecDatabase([webvisitsSchema]);
    const store = new VisitsStore(new Database(source), new SilentAnalytics());
    const connectionId = '01900000-0000-7000-8000-000000000001';
    const context = providerContext(new WebvisitsSettings(), { connectionId, now: new Date() });
    const sighting = { connectionId, visitor: '1'.padStart(32, '0'), at: new Date(), visitMinutes: 30 };
    for (const path of ['a', 'b'])
      await store.keepPage(sighting, { url: `https://shop.example/${path}`, origin: { source: 'mail', utm: { source: 'mail' } } });
    await store.link(sighting, [
      { kind: 'chat', externalId: 'chat-1' },
      { kind: 'user', externalId: 'user-1' },
    ]);
    return {
      provider: new WebvisitsProvider(store),
      context,
      visitor: { externalUserId: 'user-1', externalChatId: 'chat-1' },
      close: remove,
    };
  },
});
