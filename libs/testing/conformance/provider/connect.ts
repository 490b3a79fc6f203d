import { expect, it } from '@jest/globals';
import { areWorking, type ProviderContext, type ProviderWebhook } from '#provider-kit';
import type { Unproven } from '../lost-calls.js';
import { catchError } from './errors.js';
import { OTHER_SECRET, replaceMemory, replaceSecrets } from './secrets.js';
import type { ProviderSubject, ServiceHooks } from './subject.js';

const OTHERS = 'https://other.example/hooks/crm';

/** Sets up webhooks at the service of a subject. */
class HookBench<S extends object> {
  constructor(private readonly getSubject: () => ProviderSubject<S>) {}

  get subject(): ProviderSubject<S> {
    return this.getSubject();
  }

  get hooks(): ServiceHooks {
    const { hooks } = this.subject.samples ?? {};
    if (!hooks) throw new Error('the samples need the hooks of the service');
    return hooks;
  }

  /** The provider's webhook, if its events are signed. */
  get signed(): Pick<ProviderWebhook<S, { id: string }>, 'verify'> | undefined {
    const { webhook } = this.subject.provider as { webhook?: Pick<ProviderWebhook<S, { id: string }>, 'verify'> & { unsigned?: boolean } };
    return webhook?.unsigned ? undefined : webhook;
  }

  /** Tests that the connection accepts an event that the service posts to its webhook. */
  async expectAccepted(context: ProviderContext<S>): Promise<void> {
    if (!this.signed || !this.hooks.post) return;
    const request = await this.hooks.post();
    expect({ genuine: await this.signed.verify(request, { ...context, now: new Date() }) }).toEqual({ genuine: true });
  }

  /** Returns a context without memory, while the service has no webhooks. */
  start(): ProviderContext<S> {
    this.hooks.clear();
    return { ...this.subject.context, memory: {} };
  }

  /** Returns the connection with the memory from `connect`. */
  async connect(context: ProviderContext<S>, replace = false): Promise<ProviderContext<S> & { conflict: readonly object[] }> {
    const report = await this.subject.provider.connect?.({ replace }, context);
    for (const value of Object.values(report?.memory ?? {})) expect(typeof value).toBe('string');
    expect(JSON.stringify(report?.memory ?? {}).length).toBeLessThanOrEqual(16 * 1024);
    for (const { address } of report?.conflict ?? []) expect(address).toMatch(/^https?:\/\/[^?]*$/);
    return { ...context, memory: report?.memory ?? context.memory, conflict: report?.conflict ?? [] };
  }
}

/** Tests `connect` and `disconnect`. */
export function testConnect<S extends object>(getSubject: () => ProviderSubject<S>, unproven: Unproven | undefined): void {
  const bench = new HookBench(getSubject);
  testSetUp(bench);
  testEvents(bench, unproven);
  testRepeats(bench);
  testRemoval(bench);
}

function testSetUp<S extends object>(bench: HookBench<S>): void {
  it('a repeated connect sets up no second webhook', async () => {
    const once = await bench.connect(bench.start());
    expect(bench.hooks.list()).toEqual([once.webhookUrl]);
    const twice = await bench.connect(once);
    expect(bench.hooks.list()).toEqual([once.webhookUrl]);
    expect(twice.memory).toEqual(once.memory);
  });

  it('connects a new account if the default settings are complete', async () => {
    const { manifest } = bench.subject.provider;
    const settings = manifest.createDefaultSettings();
    if (!areWorking(manifest, settings)) return;
    const context = bench.start();
    const { conflict } = await bench.connect({ ...context, settings });
    expect(conflict).toEqual([]);
    expect(bench.hooks.list()).toEqual([context.webhookUrl]);
  });
}

function testEvents<S extends object>(bench: HookBench<S>, unproven: Unproven | undefined): void {
  it('only events of the webhook from connect are accepted', async () => {
    const { signed: webhook, hooks } = bench;
    if (!webhook) return;
    if (!hooks.post) return unproven?.add('events of the webhook from connect are accepted', 'samples.hooks.post');
    const { provider } = bench.subject;
    const context = { ...(await bench.connect(bench.start())), now: new Date() };
    const request = await hooks.post();
    const settings = replaceSecrets(provider, context.settings, OTHER_SECRET);
    const bare = { ...request, headers: {}, query: new URLSearchParams(), path: '' };
    const others = { ...context, settings, memory: replaceMemory(context.memory) };
    expect({
      genuine: await webhook.verify(request, context),
      'with other secrets': await webhook.verify(request, others),
      'without its proof': await webhook.verify(bare, context),
    }).toEqual({ genuine: true, 'with other secrets': false, 'without its proof': false });
  });
}

function testRepeats<S extends object>(bench: HookBench<S>): void {
  it('a connect after a crash that lost its memory sets up no second webhook, and accepts its events', async () => {
    const begun = bench.start();
    await bench.connect(begun);
    const again = await bench.connect(begun);
    expect(bench.hooks.list()).toEqual([begun.webhookUrl]);
    await bench.expectAccepted(again);
    expect((await bench.connect(again)).memory).toEqual(again.memory);
  });

  it('a connect with another address replaces the old webhook', async () => {
    const before = await bench.connect(bench.start());
    const url = new URL(before.webhookUrl);
    const webhookUrl = `https://moved.example${url.pathname}`;
    await bench.connect({ ...before, webhookUrl });
    expect(bench.hooks.list()).toEqual([webhookUrl]);
  });

  it('replaces the webhook of another program only if the account agrees', async () => {
    const context = bench.start();
    bench.hooks.occupy(OTHERS);
    const first = await bench.connect(context);
    // A service with room for several has no conflict.
    if (first.conflict.length === 0) {
      expect([...bench.hooks.list()].sort()).toEqual([OTHERS, context.webhookUrl].sort());
      await bench.subject.provider.disconnect?.(first);
      expect(bench.hooks.list()).toEqual([OTHERS]);
      return;
    }
    expect(bench.hooks.list()).toEqual([OTHERS]);
    expect((await bench.connect(first, true)).conflict).toEqual([]);
    expect(bench.hooks.list()).toEqual([context.webhookUrl]);
  });
}

function testRemoval<S extends object>(bench: HookBench<S>): void {
  it('disconnect removes only its own webhook, and a second disconnect succeeds', async () => {
    const { provider } = bench.subject;
    const context = await bench.connect(bench.start());
    await provider.disconnect?.(context);
    expect(bench.hooks.list()).toEqual([]);
    await provider.disconnect?.(context);
    // After another set-up it works as before.
    await bench.connect({ ...context, memory: {} });
    expect(bench.hooks.list()).toEqual([context.webhookUrl]);
  });

  it('a connect with an ended signal fails with unavailable and sets up nothing', async () => {
    const context = bench.start();
    const error = await catchError(() => bench.connect({ ...context, signal: AbortSignal.abort() }), bench.subject);
    expect(error.kind).toBe('unavailable');
    expect(bench.hooks.list()).toEqual([]);
  });
}
