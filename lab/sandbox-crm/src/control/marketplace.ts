import { asObject, asObjects, asText, parseJson } from '../json.js';
import type { Sandbox } from '../sandbox.js';
import type { Marketplace } from './control-types.js';

/** Maximum milliseconds for the deployment to list its modules. */
const PATIENCE = 3_000;

/** Reads the modules that the deployment offers, like a marketplace. Never throws. */
export async function readMarketplace(sandbox: Sandbox): Promise<Marketplace> {
  const url = sandbox.modulesUrl;
  if (url === undefined) return { modules: [], problem: 'The sandbox knows no deployment: give the address of the module.' };
  const reply = await fetch(url, { signal: AbortSignal.timeout(PATIENCE) }).catch(() => undefined);
  const text = await reply?.text().catch(() => undefined);
  if (text === undefined) return { modules: [], problem: `Nothing answers at ${url}: is the deployment running?` };
  const modules = asObjects(asObject(parseJson(text))['modules']).flatMap(({ code, name, integration, connect }) => {
    const [codeText, address] = [asText(code), asText(connect)];
    if (codeText === undefined || address === undefined) return [];
    const moduleUrl = address.replace(/\/config$/, '');
    return [{ code: codeText, name: asText(name) ?? codeText, integration: asText(integration) ?? '', moduleUrl }];
  });
  return modules.length > 0 ? { modules } : { modules, problem: `${url} names no modules` };
}
