import { describe, expect, it } from '@jest/globals';
import type { ExecutionContext } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { CallbackError, Guesses } from '#platform';
import { CallbackGuard, type ConnectionPolicy, UseConnection } from './callback.guard.js';
import type { Connection } from '../connection.js';
import type { ConnectionMemory } from '../store/connection-memory.js';
import type { ConnectionStore } from '../store/connection-store.js';
import type { HostedModules } from '../hosted-modules.js';
import type { ProviderContexts } from './provider-contexts.js';

const LIVE = { id: '1', active: true, frozen: false, frozenByOperatorAt: null } as unknown as Connection;

/** Runs the guard for one callback. Returns its error. */
async function ask(connection: Partial<Connection> | undefined, policy: ConnectionPolicy = 'fresh', guesses = new Guesses()) {
  const found = connection && { ...LIVE, ...connection };
  const memory = { recall: () => found } as unknown as ConnectionMemory;
  const connections = { findByClientId: () => Promise.resolve(found) } as unknown as ConnectionStore;
  const contexts = { beginCallback: (one: Connection) => one } as unknown as ProviderContexts;
  const modules = { get: () => ({}) } as unknown as HostedModules;
  const guard = new CallbackGuard(connections, memory, contexts, modules, new Reflector(), guesses);
  const handler = (): void => undefined;
  UseConnection(policy)(handler);
  const request = { params: { module: 'courier' }, query: { clientId: 'c' }, body: undefined, headers: {}, ip: '192.0.2.1', id: 'r' };
  const http = { getRequest: () => request, getResponse: () => ({ elapsedTime: 0 }) };
  const context = { switchToHttp: () => http, getHandler: () => handler, getClass: () => CallbackGuard } as unknown as ExecutionContext;
  try {
    return await guard.canActivate(context);
  } catch (error) {
    return error;
  }
}

describe('a callback', () => {
  it.each<ConnectionPolicy>(['fresh', 'remembered'])('of a connection that is off or frozen is refused (%s)', async (policy) => {
    for (const off of [{ active: false }, { frozen: true }, { frozenByOperatorAt: new Date(0) }]) {
      expect(await ask(off, policy)).toMatchObject({ status: 403 });
      expect(await ask(off, 'any')).toBe(true);
    }
    expect(await ask({}, policy)).toBe(true);
  });

  it('with an unknown client id gets 403, and 429 after many from one address', async () => {
    const guesses = new Guesses();
    const replies = [];
    for (let guess = 1; guess <= 31; guess++) replies.push(await ask(undefined, 'fresh', guesses));
    expect(replies.every((reply) => reply instanceof CallbackError)).toBe(true);
    expect([replies[0], replies[29], replies[30]]).toMatchObject([{ status: 403 }, { status: 403 }, { status: 429 }]);
  });
});
