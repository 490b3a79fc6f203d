import { FakePbx } from '#testing';
import { Account } from './account.js';
import { CallDesk, EXTENSIONS } from './call-desk.js';
import type { Crm } from './crm.js';
import type { Deployment } from './deployment.js';

/** An account with a cloud PBX: the calls that the CRM received and the PBX behind the module. */
export class PbxDesk extends CallDesk {
  private constructor(
    crm: Crm,
    readonly pbx: FakePbx,
    readonly account: Account,
    readonly connectionId: string,
    private readonly deployment: Deployment,
  ) {
    super(crm);
  }

  /** Connects the module, tells it where its PBX is, and the PBX where its notices go. */
  static async open(deployment: Deployment, crm: Crm, settings: object = {}): Promise<PbxDesk> {
    const pbx = await FakePbx.start();
    const account = await Account.connect(deployment, crm, 'fake-pbx');
    const { id } = await deployment.getConnection(crm);
    const desk = new PbxDesk(crm, pbx, account, id, deployment);
    // Its user may do so before any settings are there.
    await pbx.enterUrl(desk.webhookUrl);
    await desk.set(settings);
    return desk;
  }

  get webhookUrl(): string {
    return `${this.deployment.url}/fake-pbx/webhooks/${this.connectionId}`;
  }

  /** Changes the connection's settings. */
  async set(settings: object): Promise<void> {
    const { url: baseUrl, key, secret, zone } = this.pbx;
    await this.deployment.operator('PUT', `/connections/${this.connectionId}/settings`, {
      ...{ baseUrl, key, secret, zone, extensions: EXTENSIONS },
      externalPhones: [{ siteCode: 'main', phone: '+74950000000' }],
      ...settings,
    });
  }

  async close(): Promise<void> {
    await this.pbx.close();
  }
}
