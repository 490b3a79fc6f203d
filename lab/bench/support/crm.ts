import { createHmac } from 'node:crypto';
import { createServer } from 'node:http';

export const FORM = { 'content-type': 'application/x-www-form-urlencoded' };

/** A CRM that accepts everything. */
export interface BenchCrm {
  readonly url: string;
  /** Connects its account to the courier module at a URL. Returns the clientId that the module registers. */
  connect(registerUrl: string): Promise<string>;
  close(): void;
}

/** Starts a CRM on a free port of this machine. */
export async function startCrm(): Promise<BenchCrm> {
  const crm = createServer((request, reply) => {
    reply.setHeader('content-type', 'application/json');
    if (request.url === '/api/credentials')
      reply.end(
        '{"success":true,"scopes":["integration_read","integration_write","notification_write","delivery_read","delivery_write","order_read"],"siteAccess":"access_full"}',
      );
    else if (request.url === '/api/v5/settings') reply.end('{"success":true,"settings":{"timezone":{"value":"Europe/Moscow"}}}');
    else reply.end('{"success":true}');
  });
  await new Promise<void>((resolve) => crm.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(crm.address() as { port: number }).port}`;
  return {
    url,
    close: () => crm.close(),
    connect: async (registerUrl) => {
      const apiKey = 'bench-key';
      const token = createHmac('sha256', 'development-secret-of-courier').update(apiKey).digest('hex');
      const registered = new Promise<string>((resolve) => {
        crm.on('request', (request) => {
          if (!request.url?.includes('/edit')) return;
          let text = '';
          request.on('data', (part: Buffer) => (text += part.toString()));
          request.on('end', () =>
            resolve((JSON.parse(new URLSearchParams(text).get('integrationModule') ?? '{}') as { clientId: string }).clientId),
          );
        });
      });
      await post(registerUrl, new URLSearchParams({ register: JSON.stringify({ token, apiKey, systemUrl: url }) }).toString());
      return registered;
    },
  };
}

/** Posts a form. Returns the reply's text. Throws for a status other than 2xx. */
export async function post(url: string, body: string): Promise<string> {
  const reply = await fetch(url, { method: 'POST', headers: FORM, body });
  const text = await reply.text();
  if (!reply.ok) throw new Error(`${url} answered ${reply.status}: ${text}`);
  return text;
}
