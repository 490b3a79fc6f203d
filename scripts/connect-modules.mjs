/** Connects the modules of a deployment to its sandbox CRM. */
import { sleep, waitUntil } from './processes.mjs';
import { say } from './project.mjs';

/**
 * @typedef {{ connected: string[], others: string[] }} Modules codes of the hosted modules: connected to the
 * sandbox CRM, and not
 *
 * @typedef {object} ControlAnswer of the sandbox's control API
 * @property {boolean} [ok]
 * @property {{ moduleUrl?: string }} [connection]
 * @property {{ refusal?: string, failure?: string }[]} [steps]
 * @property {string[]} [violations]
 * @property {string} [errorMsg]
 */

/**
 * Connects every hosted module that needs no outside account. Safe to repeat.
 * @param {import('./environment.mjs').Deployment} deployment its api and sandbox CRM run
 * @param {AbortSignal} signal
 * @returns {Promise<Modules | undefined>} undefined on failure: the deployment runs without connected modules
 */
export async function connectModules(deployment, signal) {
  try {
    await waitForSandbox(deployment, signal);
    const modules = await listModules(deployment, signal);
    const ready = modules.filter(({ kind }) => kind === 'service').map(({ code }) => code);
    if (ready.length > 0) say(`connecting ${ready.join(', ')} to the sandbox CRM ...`);
    /** @type {string[]} */
    const connected = [];
    for (const code of ready) if (await connectModule(code, deployment, signal)) connected.push(code);
    return { connected, others: modules.map(({ code }) => code).filter((code) => !connected.includes(code)) };
  } catch (error) {
    signal.throwIfAborted();
    const reason = error.cause?.code ?? error.message;
    say(`the modules could not be connected to the sandbox CRM (${reason}); npm run sandbox -- connect does it by hand`);
    return undefined;
  }
}

/**
 * @param {import('./environment.mjs').Deployment} deployment
 * @param {AbortSignal} signal
 */
function waitForSandbox({ sandboxUrl }, signal) {
  const listens = () =>
    fetch(sandboxUrl, { signal: AbortSignal.timeout(2_000) }).then(
      () => true,
      () => signal.aborted,
    );
  return waitUntil(listens, 10_000, 100);
}

/**
 * Lists the modules that the api hosts. `kind` distinguishes our own services from adapters to outside ones.
 * @param {import('./environment.mjs').Deployment} deployment
 * @param {AbortSignal} signal
 * @returns {Promise<{ code: string, kind: string }[]>}
 */
async function listModules({ env, operatorPort }, signal) {
  const headers = { authorization: `Bearer ${env.OPERATOR_TOKEN}` };
  const response = await fetch(`http://127.0.0.1:${operatorPort}/operator/api/modules`, { headers, signal });
  return /** @type {any} */ (await response.json()).items;
}

/**
 * @param {string} code
 * @param {import('./environment.mjs').Deployment} deployment
 * @param {AbortSignal} signal
 * @returns {Promise<boolean>} whether it is connected
 */
async function connectModule(code, { publicUrl, sandboxUrl }, signal) {
  const moduleUrl = `${publicUrl}/${code}`;
  const reason = await connect(`${sandboxUrl}/sandbox/accounts/default/modules/${code}`, moduleUrl, signal);
  if (reason === undefined) say(`connected ${code}`);
  else say(`"${code}" could not be connected: ${reason}\n  To try again: npm run sandbox -- connect ${code} --module-url ${moduleUrl}`);
  return reason === undefined;
}

/**
 * Connects a module, unless it is connected already and both sides know it.
 * @param {string} url of the module in the sandbox's control API
 * @param {string} moduleUrl
 * @param {AbortSignal} signal
 * @returns {Promise<string | undefined>} why it did not work
 */
async function connect(url, moduleUrl, signal) {
  const ask = async (/** @type {string} */ address, /** @type {object | undefined} */ body = undefined) => {
    const sent = body && { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
    return /** @type {ControlAnswer} */ (await (await fetch(address, { ...sent, signal })).json());
  };
  const known = await ask(url);
  if (known.connection?.moduleUrl === moduleUrl && (await ask(`${url}/activity`, {})).ok) return undefined;
  for (let attempt = 1; ; attempt++) {
    const { ok, steps = [], violations = [], errorMsg } = await ask(`${url}/connect`, { moduleUrl });
    if (ok) return undefined;
    if (attempt === 3)
      return [...steps.flatMap(({ refusal, failure }) => [refusal, failure]), ...violations, errorMsg].filter(Boolean).join('; ');
    await sleep(1_000);
    signal.throwIfAborted();
  }
}
