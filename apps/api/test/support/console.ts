import { randomBytes } from 'node:crypto';
import type { BrowserContext, Page } from 'playwright-core';
import { SecretBox, sha256Hex } from '#platform';
import { Deployment } from './deployment.js';
import { COMMON_SETTINGS } from './test-servers.js';

/** The token of an operator who may look, and change nothing. */
export const VIEW = 'token-of-somebody-who-may-look';
/** Number of stored shops. */
export const SHOPS = 60;
/** Number of cached values that an old key encrypts. Secrets of shops add to them. */
export const VALUES = 40;
const OLD_KEY = COMMON_SETTINGS.ENCRYPTION_KEY ?? '';

/** Starts an api with a console that shows stored shops. No worker runs. */
export async function startConsole(): Promise<Deployment> {
  const ENCRYPTION_KEY = `${randomBytes(32).toString('base64')},${OLD_KEY}`;
  const variables = { OPERATOR_TOKENS: `vera:view:${sha256Hex(VIEW)}`, ENCRYPTION_KEY };
  const deployment = await Deployment.start({ accounts: 0, workers: 0, variables });
  await storeShops(deployment);
  return deployment;
}

/** Signs in on the console's page. */
export async function signInTo(deployment: Deployment, page: Page, token = deployment.variables.OPERATOR_TOKEN ?? ''): Promise<void> {
  await page.goto(`${deployment.url}/operator`);
  await page.getByLabel('Operator’s token').fill(token);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByRole('heading', { name: 'Overview', level: 1 }).waitFor();
}

/** Signs a browser in without the form. Its earlier session ends. */
export async function enterConsole(
  deployment: Deployment,
  context: BrowserContext,
  token = deployment.variables.OPERATOR_TOKEN ?? '',
): Promise<void> {
  const reply = await context.request.post(`${deployment.url}/operator/api/session`, { headers: { authorization: `Bearer ${token}` } });
  if (!reply.ok()) throw new Error(`signing in was answered ${reply.status()}`);
}

/** Stores shops in several states, a message that was set aside, and values that an old key encrypts. */
async function storeShops({ stores }: Deployment): Promise<void> {
  const box = new SecretBox(OLD_KEY);
  const ids = Array.from({ length: SHOPS }, (_, n) => `01900000-0000-7000-8000-${String(n + 1).padStart(12, '0')}`);
  await stores.query(
    `INSERT INTO connection (id, module_code, system_url, client_id_hash, client_id_sealed, api_key_sealed, account, registered_at, problems)
     SELECT id, CASE WHEN n % 2 = 0 THEN 'testpay' ELSE 'courier' END, 'https://shop-' || lpad(n::text, 2, '0') || '.example', n::text, client, key,
       '{"timeZone": "UTC", "language": "en", "workTimes": [], "nonWorkingDays": []}', now(),
       CASE WHEN n < 4 THEN '{"crm-refuses": {"since": "2026-01-01T00:00:00Z", "reason": "no"}}'::jsonb
            WHEN n = 7 THEN '{"service-away:courier": {"since": "2026-01-01T00:00:00Z", "reason": "no route"}}'::jsonb ELSE '{}'::jsonb END
     FROM unnest($1::uuid[], $2::text[], $3::text[]) WITH ORDINALITY s (id, client, key, n)`,
    [ids, ids.map((id) => box.seal('client', `${id}/clientId`)), ids.map((id) => box.seal('key', `${id}/apiKey`))],
  );
  await stores.query(
    `INSERT INTO outbox (connection_id, kind, subject, payload, state, failed_at, last_error)
     VALUES ('01900000-0000-7000-8000-000000000009', 'delivery.tracking', 's', '{}', 'failed', now(), 'order 7 is unknown <img src=x onerror=alert(1)>')`,
  );
  await stores.query(
    `INSERT INTO outbox_lane (connection_id, kind, fence, failures, failing_since, failed_at, last_error, due_at)
     VALUES ('01900000-0000-7000-8000-000000000020', 'registration', 1, 3, now(), now(), 'no route', now() + interval '1 hour')`,
  );
  const keys = Array.from({ length: VALUES }, (_, n) => `value-${n}`);
  await stores.query(
    `INSERT INTO provider_cache (scope, key, value, expires_at) SELECT 'spec', key, value, now() + interval '1 hour' FROM unnest($1::text[], $2::text[]) v (key, value)`,
    [keys, keys.map((key) => box.seal(JSON.stringify(key), `spec/${key}`))],
  );
}
