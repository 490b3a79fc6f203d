import { createReceiver, HostedTree, type Receiver } from '@omnicajs/vue-remote/host';
import { createEndpoint, fromWebWorker } from '@remote-ui/rpc';
import {
  currentUserSchema,
  customerCardPhoneSchema,
  customerCardSchema,
  orderCardSchema,
  orderCardSettingsSchema,
  settingsSchema,
} from '@retailcrm/embed-ui';
import { createProvider } from '@retailcrm/embed-ui-v1-components/host';
import { createSandboxController } from '@retailcrm/embed-ui-v1-sandbox/core';
import { type App, createApp, h, markRaw } from 'vue';
import { askAccount } from '../control.js';
import type { ModuleView } from '../control-types.js';
import { asText, buildUrl, readIntegration } from '../registration.js';
import type { Contexts } from './contexts.js';

/** A widget at a target, or a page. */
export type Run = { readonly target: string } | { readonly code: string };

/** The running widgets of a module. */
export interface HostedModule {
  /** Draws a run, by its place in the list, in an element of the page. */
  draw(run: number, element: Element): void;
  /** Changes the forms that the widgets see. */
  setContexts(contexts: Contexts): void;
  stop(): void;
}

const SCHEMAS = {
  'order/card': orderCardSchema,
  'order/card:settings': orderCardSettingsSchema,
  'customer/card': customerCardSchema,
  'customer/card:phone': customerCardPhoneSchema,
  'user/current': currentUserSchema,
  settings: settingsSchema,
};

/** Functions of the module's script. */
interface Script {
  run(receive: Receiver['receive'], run: object): Promise<void>;
}

/**
 * Starts the widgets of a module in a worker, with the vendor's implementation of the CRM's side. Their calls
 * go through the sandbox's server. Throws if the script cannot be loaded.
 */
export async function hostModule(
  module: ModuleView,
  runs: readonly Run[],
  contexts: Contexts,
  openOrder: (id: number) => void,
): Promise<HostedModule> {
  const { entrypoint, stylesheet } = readIntegration(module, 'embedJs');
  const controller = createSandboxController({
    schemas: SCHEMAS,
    contexts,
    globalBridge: false,
    httpMiddleware: ({ action, payload }) =>
      askAccount(`/modules/${encodeURIComponent(module.code)}/widget-calls`, { method: 'POST', body: { action, payload } }),
  });
  const link = loadStyles(asText(stylesheet) && buildUrl(module, asText(stylesheet)));
  const worker = new Worker(new URL('./widget-worker.ts', import.meta.url), { type: 'module' });
  const endpoint = createEndpoint<Script>(fromWebWorker(worker));
  const provider = createProvider();
  const apps: App[] = [];
  const stop = (): void => {
    // First, because the widgets' components are still called when they are removed.
    for (const app of apps) app.unmount();
    endpoint.terminate();
    worker.terminate();
    link?.remove();
  };
  try {
    await loadScript(worker, buildUrl(module, asText(entrypoint)));
    endpoint.expose({
      ...controller.endpointApi,
      goTo: (route: string, { id }: { id?: number } = {}) => void (route === 'crm_orders_edit' && id !== undefined && openOrder(id)),
    });
    const receivers = runs.map(() => markRaw(createReceiver()));
    for (const [index, run] of runs.entries()) {
      const { receive } = receivers[index]!;
      await endpoint.call.run(receive, 'target' in run ? { id: `${module.code} ${run.target}`, ...run } : run);
    }
    const setContexts = (changed: Contexts): void => {
      for (const name of Object.keys(changed) as (keyof Contexts)[]) controller.patchContext(name, changed[name] ?? {});
    };
    const draw = (run: number, element: Element): void => {
      const app = createApp({ render: () => h(HostedTree, { provider, receiver: receivers[run]! }) });
      apps.push(app);
      app.mount(element);
    };
    return { draw, setContexts, stop };
  } catch (error) {
    stop();
    throw error;
  }
}

function loadStyles(address: string): HTMLLinkElement | undefined {
  if (!address) return undefined;
  const link = Object.assign(document.createElement('link'), { rel: 'stylesheet', href: address });
  document.head.append(link);
  return link;
}

async function loadScript(worker: Worker, script: string): Promise<void> {
  const { port1, port2 } = new MessageChannel();
  const error = await new Promise<string>((resolve) => {
    port1.onmessage = ({ data }: MessageEvent<string>) => resolve(data);
    worker.onerror = ({ message }) => resolve(message || 'the worker cannot start');
    worker.postMessage({ script, port: port2 }, [port2]);
  });
  port1.close();
  if (error) throw new Error(`${script}: ${error}`);
}
