import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import type { Page } from 'playwright-core';
import { freePort } from './server-process.js';

/** The vendor's server of its sandbox. */
interface VendorsSandbox {
  readonly baseUrl: string;
  readonly server: Server;
  close(): Promise<void>;
}

// Its declarations have no file names, which Node's way of finding them requires.
const { serveSandbox } = createRequire(import.meta.url)('@retailcrm/embed-ui-v1-sandbox/node') as {
  serveSandbox(options: { host: string; port: number }): Promise<VendorsSandbox>;
};

/** A call of a widget as the module received it. */
export interface WidgetCall {
  /** `badge`, `view`, `act` or `registry`. */
  readonly name: string;
  readonly payload: Record<string, unknown>;
  readonly status: number;
}

/** The vendor's sandbox in its page. */
interface SandboxBridge {
  setField(context: string, field: string, value: unknown): void;
  snapshot(): { host: { navigation: { route?: string; params?: object }[] } };
}

/** The CRM around the widgets of a module: the vendor's sandbox as its browser, this class as its server. */
export class WidgetHost {
  /** Calls relayed since the last `open`. */
  readonly calls: WidgetCall[] = [];
  /** Whether the CRM loses the module's replies. */
  losesReplies = false;

  private constructor(
    private readonly sandbox: VendorsSandbox,
    private readonly front: Server,
  ) {}

  /**
   * Starts it for a module at an address such as `http://127.0.0.1:3000/courier/callbacks`. Its pages allow
   * only scripts of the sandbox and the module, and no evaluated code.
   */
  static async start(baseUrl: string): Promise<WidgetHost> {
    const sandbox = await serveSandbox({ host: '127.0.0.1', port: await freePort() });
    const policy = `script-src 'self' ${new URL(baseUrl).origin}; worker-src 'self'`;
    sandbox.server.prependListener('request', (_request, response) => response.setHeader('content-security-policy', policy));
    // The vendor's sandbox finds a bundle by an HTML page below `/extension/`.
    const files = `<script type="module" src="${baseUrl}/embed/widget.js"></script><link rel="stylesheet" href="${baseUrl}/embed/widget.css">`;
    const front = createServer((_request, response) => {
      response.writeHead(200, {
        ...{ 'content-type': 'text/html', 'access-control-allow-origin': sandbox.baseUrl, 'access-control-allow-credentials': 'true' },
      });
      response.end(`<html><head>${files}</head></html>`);
    });
    await once(front.listen(0, '127.0.0.1'), 'listening');
    return new WidgetHost(sandbox, front);
  }

  /**
   * Opens targets or a page with the vendor's order 214, as the account of a `clientId`, for the module at
   * `baseUrl`.
   */
  async open(page: Page, baseUrl: string, clientId: string, shown: { targets: string } | { pageCode: string }): Promise<void> {
    const frontUrl = `http://127.0.0.1:${(this.front.address() as AddressInfo).port}`;
    this.calls.length = 0;
    this.losesReplies = false;
    await page.unrouteAll({ behavior: 'ignoreErrors' });
    await page.route(`${frontUrl}/embed/**`, async (route) => {
      const { pathname } = new URL(route.request().url());
      const form = new URLSearchParams(route.request().postData() ?? '');
      form.set('clientId', clientId);
      const reply = await fetch(`${baseUrl}${pathname}`, { method: 'POST', body: form, redirect: 'manual' });
      const payload = JSON.parse(form.get('payload') ?? '{}') as Record<string, unknown>;
      this.calls.push({ name: pathname.replace('/embed/', ''), payload, status: reply.status });
      const headers = { 'access-control-allow-origin': this.sandbox.baseUrl };
      const lost = { status: 504, body: 'Gateway Timeout' };
      await route.fulfill({ headers, ...(this.losesReplies ? lost : { status: reply.status, body: await reply.text() }) });
    });
    const query = new URLSearchParams({
      ...{ manifestUrl: `${frontUrl}/extension/widgets`, mode: 'targets' in shown ? 'widget' : 'page', fixture: 'order-with-delivery' },
      ...shown,
    });
    await page.goto(`${this.sandbox.baseUrl}/?${query.toString()}`);
  }

  /** Changes a field of the form, or of the CRM's settings. */
  async setField(page: Page, ...field: [context: string, name: string, value: unknown]): Promise<void> {
    await page.evaluate((change) => {
      const { __CRM_EMBED_SANDBOX__: bridge } = globalThis as unknown as { __CRM_EMBED_SANDBOX__: SandboxBridge };
      bridge.setField(...change);
    }, field);
  }

  /** The CRM's pages that a widget opened. */
  readNavigation(page: Page): Promise<{ route?: string; params?: object }[]> {
    return page.evaluate(() => {
      const { __CRM_EMBED_SANDBOX__: bridge } = globalThis as unknown as { __CRM_EMBED_SANDBOX__: SandboxBridge };
      return bridge.snapshot().host.navigation;
    });
  }

  async close(): Promise<void> {
    this.sandbox.server.closeAllConnections();
    this.front.closeAllConnections();
    this.front.close();
    await this.sandbox.close();
  }
}
