import { resolve } from 'node:path';
import type { INestApplicationContext } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { FakeMessenger, MessageGateway } from '#testing';
import { createWorker } from '../../../worker/src/create-worker.js';
import { createApi } from '../../src/create-api.js';
import { Account } from './account.js';
import { chooseCatalogue } from './carrier-catalogue.js';
import { ChatDesk } from './chat-desk.js';
import { Crm } from './crm.js';
import { freePort } from './server-process.js';
import { COMMON_SETTINGS, makeStores, type Stores } from './test-servers.js';

/** Code of the module. */
export const MODULE = 'fake-messenger';

/** An api and a worker in this process, with a fake messenger that an account has connected. */
export class ChatHost {
  private constructor(
    readonly stores: Stores,
    readonly crm: Crm,
    readonly api: NestFastifyApplication,
    private readonly worker: INestApplicationContext,
    readonly account: Account,
    readonly desk: ChatDesk,
    /** The api's address. */
    readonly url: string,
  ) {}

  /** Starts all, and waits until the messenger's channel exists. */
  static async start(more: Readonly<Record<string, string>> = {}): Promise<ChatHost> {
    const stores = await makeStores('PostgreSQL');
    const [gateway, messenger] = await Promise.all([MessageGateway.start(), FakeMessenger.start()]);
    const crm = await Crm.start({ chatGateway: gateway.url, pages: resolve('dist/web') });
    const port = String(await freePort());
    const url = `http://127.0.0.1:${port}`;
    const variables = {
      ...COMMON_SETTINGS,
      ...stores.variables,
      PORT: port,
      PUBLIC_URL: url,
      CRM_HOSTS: crm.hosts,
      LOG_LEVEL: 'silent',
      ...more,
    };
    const catalogue = chooseCatalogue(true);
    const api = await createApi(catalogue, variables);
    await api.listen(Number(port), '127.0.0.1');
    const worker = await createWorker(catalogue, { ...variables, WORKER_PORT: '0' });
    const account = await Account.connect({ url, getSecret: (code) => `development-secret-of-${code}` }, crm, MODULE);
    const [connection] = await stores.query<{ id: string }>('SELECT id FROM connection');
    const saved = await fetch(`${url}/operator/api/connections/${connection?.id}/settings`, {
      method: 'PUT',
      headers: { authorization: `Bearer ${COMMON_SETTINGS.OPERATOR_TOKEN}`, 'content-type': 'application/json' },
      body: JSON.stringify({ baseUrl: messenger.url, apiKey: messenger.apiKey, webhookSecret: messenger.webhookSecret }),
    });
    if (saved.status !== 200) throw new Error(`the settings were not saved: ${saved.status} ${await saved.text()}`);
    messenger.setWebhookUrl({ url: `${url}/${MODULE}/webhooks/${connection?.id}` });
    const desk = new ChatDesk(gateway, messenger, `default/${MODULE}`);
    await desk.opened();
    return new ChatHost(stores, crm, api, worker, account, desk, url);
  }

  async close(): Promise<void> {
    await this.worker.close();
    await this.api.close();
    await Promise.all([this.crm.close(), this.desk.gateway.close(), this.desk.messenger.close()]);
    await this.stores.remove();
  }
}
