/** Waiting until a deployment answers. */
import { waitUntil } from './processes.mjs';
import { SetupError, say } from './project.mjs';

/** The longest wait, milliseconds. */
const readyTime = 30_000;

/**
 * Waits until the api is ready.
 * @param {number} port of the api
 * @param {import('./supervisor.mjs').Part[]} parts the api first
 * @param {AbortSignal} signal
 * @throws {SetupError} with the last words of the part that seems to be at fault
 */
export async function waitForReady(port, parts, signal) {
  const url = `http://127.0.0.1:${port}/health/ready`;
  const findFailing = () => parts.find((part) => part.failures >= 2);
  let answer = { ok: false, text: 'nothing' };
  let toldAt = Date.now();
  await waitUntil(
    async () => {
      if (Date.now() - toldAt > 5_000) {
        toldAt = Date.now();
        say(`waiting for the api (its answer: ${answer.text.slice(0, 100)}) ...`);
      }
      answer = await ask(url);
      return answer.ok || signal.aborted || findFailing() !== undefined;
    },
    readyTime,
    100,
  );
  signal.throwIfAborted();
  const failing = findFailing();
  if (answer.ok && !failing) return;
  const { options, lastLines } = failing ?? parts[0];
  const what = failing
    ? `${options.name} ends at start`
    : `${url} did not become ready within ${readyTime / 1000} s (its answer: ${answer.text})`;
  throw new SetupError(`${what}. The last words of ${options.name}:\n${lastLines.map((line) => `  ${line}`).join('\n') || '  (none)'}`);
}

/**
 * @param {string} url
 * @returns {Promise<{ ok: boolean, text: string }>}
 */
async function ask(url) {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(2_000) });
    return { ok: response.ok, text: `${response.status} ${(await response.text()).slice(0, 500)}` };
  } catch (error) {
    return { ok: false, text: error.cause?.code ?? error.name };
  }
}
