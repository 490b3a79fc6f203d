/** Waiting until a deployment answers. */
import { waitUntil } from './processes.mjs';
import { SetupError, say } from './project.mjs';

/** The longest wait, milliseconds: a busy machine may need a minute. A part that ends is not waited for. */
const readyTime = 120_000;
/** Between two lines of progress, milliseconds. */
const progressTime = 10_000;

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
  let answer = { ok: false, text: 'none' };
  const startedAt = Date.now();
  let lines = 0;
  await waitUntil(
    async () => {
      const waited = Date.now() - startedAt;
      if (waited > (lines + 1) * progressTime) {
        lines += 1;
        say(`waiting for the api (${Math.round(waited / 1000)} s, its last answer: ${answer.text.slice(0, 100)}) ...`);
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
    : `${url} did not become ready within ${readyTime / 1000} s (its last answer: ${answer.text})`;
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
    return { ok: false, text: `none, ${error.cause?.code ?? error.name}` };
  }
}
