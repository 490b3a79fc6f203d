/** `npm run re-encrypt`: encrypts everything with the first key of ENCRYPTION_KEY (docs/operating.md). */
import { parseArgs } from 'node:util';
import { findDeployment } from './move-in.mjs';
import { sleep } from './processes.mjs';
import { SetupError, main, say } from './project.mjs';

const help = `npm run re-encrypt [-- --url <address>]

Encrypts all stored secrets anew with the first key of ENCRYPTION_KEY, and shows how far it has come. The workers do it: when this command
is interrupted it goes on, and the same command follows it again. At the end it says which keys are still in use.

  --url    address of the api; that of the running \`npm run up\` when left out
  --help   shows this

OPERATOR_TOKEN is a token of an operator who may act; that of DATA_DIR when it is not set.
`;

const EVERY_MS = 1_000;

/**
 * Calls the operator API.
 * @param {{ url: string, token: string }} target
 * @param {string} method
 * @param {string} path
 * @returns {Promise<{ status: number, body: any }>}
 */
async function ask({ url, token }, method, path) {
  try {
    const response = await fetch(`${url}/operator/api${path}`, { method, headers: { authorization: `Bearer ${token}` } });
    return { status: response.status, body: await response.json() };
  } catch (error) {
    throw new SetupError(`${url} does not answer (${error.cause?.code ?? error.message}): start the api, or give its address with --url.`);
  }
}

/** @param {{ url: string, token: string }} target */
async function begin(target) {
  const { status, body } = await ask(target, 'POST', '/keys/re-encrypt');
  if (status === 202) return body;
  if (status !== 409) throw new SetupError(`${target.url} answered ${status}: ${body.errorMsg}`);
  const { body: running } = await ask(target, 'GET', '/tasks?kind=keys.re-encrypt&state=running&limit=1');
  if (!running.items?.[0]) throw new SetupError(`${target.url} answered 409: ${body.errorMsg}`);
  say('it runs already; following it');
  return running.items[0];
}

await main(async () => {
  const { values } = readArguments();
  if (values.help) {
    process.stdout.write(help);
    return 0;
  }
  const found = findDeployment();
  if (!found.token) throw new SetupError('Set OPERATOR_TOKEN to a token of an operator who may act.');
  const target = { url: (values.url ?? found.url).replace(/\/+$/, ''), token: found.token };
  let task = await begin(target);
  let said = '';
  for (;;) {
    const line = `${task.done} of ${task.total ?? '?'} values${task.problem && task.state === 'running' ? `; ${task.problem}` : ''}`;
    if (line !== said) say((said = line));
    if (task.state !== 'running') break;
    await sleep(EVERY_MS);
    const { status, body } = await ask(target, 'GET', `/tasks/${task.id}`);
    if (status === 200) task = body;
  }
  say(
    `${task.state}${task.problem ? `: ${task.problem}` : ''}${task.result.unreadable ? `; ${task.result.unreadable} values cannot be read` : ''}`,
  );
  const { body: keys } = await ask(target, 'GET', '/keys');
  for (const { id, state, values: count } of keys.items) say(`key ${id} ${state}: ${count} values`);
  return task.state === 'done' ? 0 : 1;
});

function readArguments() {
  try {
    return parseArgs({ options: { url: { type: 'string' }, help: { type: 'boolean' } } });
  } catch (error) {
    throw new SetupError(`${error.message}\n\n${help}`);
  }
}
