import { FakePbx } from '#testing';
import { Account } from './account.js';
import { CallDesk, EXTENSIONS } from './call-desk.js';
import type { Crm } from './crm.js';
import { Deployment, type DeploymentOptions } from './deployment.js';

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
    // The user may do this before any settings are saved.
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

/** A deployment that hosts cloud PBXs, and the accounts that tests open in it. */
export class PbxHost {
  private readonly desks: PbxDesk[] = [];

  private constructor(readonly deployment: Deployment) {}

  /** Starts one with so many unused accounts. */
  static async start(accounts: number, options: DeploymentOptions = {}): Promise<PbxHost> {
    const variables = { MODULES: 'fake-pbx', PROVIDER_BUDGET_MS: '3000' };
    return new PbxHost(await Deployment.start({ accounts, withFakeCarrier: true, variables, ...options }));
  }

  /** Opens an unused account. */
  async openDesk(settings: object = {}): Promise<PbxDesk> {
    const desk = await PbxDesk.open(this.deployment, this.deployment.nextCrm(), settings);
    this.desks.push(desk);
    return desk;
  }

  /** Closes the opened desks. Returns the complaints of their CRMs. */
  async closeDesks(): Promise<string[]> {
    const complaints = this.deployment.complaints();
    for (const desk of this.desks.splice(0)) {
      desk.crm.recover();
      desk.crm.clear();
      await desk.close();
    }
    return complaints;
  }
}
