import { randomBytes } from 'node:crypto';

/** Marks what this run makes at a service. */
export const run = randomBytes(4).toString('hex');

/**
 * The steps of a live suite, in their order: what is tried, and how. `load` imports a module of `dist`.
 * @typedef {[name: string, act: () => Promise<unknown>][]} Steps
 * @typedef {(load: (path: string) => Promise<any>, url: string | undefined) => Promise<Steps>} Suite
 */

/**
 * A context like a module's for a provider, with half a minute for each call.
 * @param {any} testing `#testing`
 * @param {object} settings
 * @param {object} cache
 */
export const makeContext = (testing, settings, cache) => () =>
  testing.providerContext(settings, { connectionId: `live-${run}`, now: new Date(), signal: AbortSignal.timeout(30_000), cache });
