import { Injectable } from '@nestjs/common';
import { type Connection, isContentRejection } from '#connections';
import type { ValidationError } from '#crm-client';
import { InjectProviders, type Providers } from '#integration-kit';
import { errorText, sha256Hex } from '#platform';
import { ProviderError, sayError } from '#provider-kit';
import type { SyncLease } from './channel-store.js';
import type { ChannelEntity, TemplateEntity } from './chat.entity.js';
import type { GatewayClient } from './gateway/gateway-client.js';
import { toGatewayTemplate, toTemplateCode } from './gateway/gateway-template.js';
import { findMedia } from './gateway/gateway-media.js';
import type { ChatProvider, MessengerTemplate, TemplateExample, TemplateState } from './port/index.js';
import { TemplateStore } from './template-store.js';

/** Milliseconds of a call of the messenger. */
const MESSENGER_MS = 20_000;

/** Is stored in place of a hash if the gateway cannot describe the template, and so does not have it. */
const UNUSABLE = 'unusable';

/** A run for one channel, under the lease of its connection's channels. */
export interface TemplateRun {
  lease: SyncLease;
  connection: Connection;
  channel: ChannelEntity;
  gateway: GatewayClient;
  signal: AbortSignal;
}

/** Matches a channel's templates at the messenger, here and at the gateway. Each step is safe to repeat. */
@Injectable()
export class ChatTemplates {
  constructor(
    @InjectProviders('chat') private readonly providers: Providers<ChatProvider>,
    private readonly store: TemplateStore,
  ) {}

  /**
   * Carries out what managers want, stores the messenger's templates and passes their states on. Returns the
   * first template that the gateway rejected.
   * @throws SyncLost, ProviderError, CrmError
   */
  async compare(run: TemplateRun): Promise<string | undefined> {
    const { lease, channel } = run;
    const at = new Map((await this.listAtMessenger(run)).map((template) => [toTemplateCode(template), template]));
    for (const row of await this.store.list(channel.id)) {
      if (row.wish === null || row.wish === 'refused') continue;
      const state = await this.carryOut(run, row, at.get(row.code)?.state);
      if (row.wish === 'delete') at.delete(row.code);
      else if (state) at.set(row.code, { ...row.content, state });
    }
    await this.store.keep(lease, channel.id, at);
    return this.tell(run, new Set(at.keys()));
  }

  private listAtMessenger({ connection, channel: { account } }: TemplateRun): ReturnType<NonNullable<ChatProvider['listTemplates']>> {
    return this.providers.call(connection, 'listTemplates', (provider, context) => provider.listTemplates(account, context), {
      budgetMs: MESSENGER_MS,
    });
  }

  /** Returns the state at the messenger, or undefined if it has refused. Other errors lead to another run. */
  private async carryOut(run: TemplateRun, row: TemplateEntity, known: TemplateState | undefined): Promise<TemplateState | undefined> {
    try {
      const state = await this.callMessenger(run, row, known);
      await this.store.settle(run.lease, row, null, state);
      return state;
    } catch (error) {
      if (!(error instanceof ProviderError) || (error.kind !== 'rejected' && error.kind !== 'invalid')) throw error;
      const note = sayError(error, run.connection.account.language);
      await this.store.settle(run.lease, row, known ? null : 'refused', known ? { ...known, note } : { status: 'rejected', note });
      return known && { ...known, note };
    }
  }

  private async callMessenger(
    { connection, channel: { account }, gateway, signal }: TemplateRun,
    { wish, content: { example, ...content }, state }: TemplateEntity,
    known: TemplateState | undefined,
  ): Promise<TemplateState> {
    const data = (known ?? state).data;
    const options = { budgetMs: MESSENGER_MS };
    if (wish === 'delete') {
      // A messenger may delete the other languages of a name that it does not have in this one.
      if (!known) return state;
      const template = { name: content.name, language: content.language, ...(data !== undefined && { data }) };
      await this.providers.call(
        connection,
        'deleteTemplate',
        (provider, context) => provider.deleteTemplate(account, template, context),
        options,
      );
      return state;
    }
    // A creation whose reply was lost.
    if (wish === 'create' && known) return known;
    const { files: [file] = [], ...values } = example ?? {};
    const sample: TemplateExample = { ...values, ...(file !== undefined && { file: await findMedia(gateway, file, 0, signal) }) };
    const template: MessengerTemplate & { example?: TemplateExample } = { ...content, ...(example && { example: sample }) };
    if (wish === 'create')
      return this.providers.call(
        connection,
        'createTemplate',
        (provider, context) => provider.createTemplate(account, template, context),
        options,
      );
    return this.providers.call(
      connection,
      'updateTemplate',
      (provider, context) => provider.updateTemplate(account, { ...template, ...(data !== undefined && { data }) }, context),
      options,
    );
  }

  /**
   * Sends new and changed templates to the gateway, and removes templates that are gone. `codes`: of all
   * templates at the messenger. Returns the first template that the gateway rejected.
   */
  private async tell({ lease, channel, gateway, signal }: TemplateRun, codes: ReadonlySet<string>): Promise<string | undefined> {
    const id = Number(channel.mgId);
    let known: ReadonlySet<string> | undefined;
    let first: string | undefined;
    for (const row of await this.store.list(channel.id)) {
      const isGone = row.wish === null && !codes.has(row.code);
      if (isGone) {
        await gateway.deactivateTemplate(id, row.code, signal);
        await this.store.remove(lease, row);
        continue;
      }
      if (row.wish === 'create' || row.wish === 'delete') continue;
      const { code, ...template } = toGatewayTemplate(row.content, row.state);
      const isUnusable = row.content.unusable !== undefined;
      const hash = isUnusable ? UNUSABLE : sha256Hex(JSON.stringify(template));
      if (hash === row.sentHash) continue;
      known ??= new Set(await gateway.listTemplates(id, signal));
      try {
        if (isUnusable) {
          if (known.has(code)) await gateway.deactivateTemplate(id, code, signal);
        } else if (known.has(code)) await gateway.changeTemplate(id, code, template, signal);
        else await gateway.activateTemplate(id, { code, ...template }, signal);
        await this.store.markSent(lease, row.id, hash, null);
      } catch (error) {
        if (!isContentRejection(error)) throw error;
        const problem = (error as ValidationError).apiMessage ?? errorText(error);
        first ??= `${row.content.name}: ${problem}`;
        await this.store.markSent(lease, row.id, hash, problem);
      }
    }
    return first;
  }
}
