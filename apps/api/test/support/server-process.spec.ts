import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { join } from 'node:path';
import { dist, listArguments } from './server-process.js';

const main = 'apps/api/src/main.js';
const given = process.env.SPEC_SERVERS;

describe('the arguments of Node for a process under test', () => {
  beforeEach(() => {
    process.env.SPEC_SERVERS = '/bundle';
  });
  afterEach(() => {
    process.env.SPEC_SERVERS = given ?? '';
  });

  it('run the bundle that npm test made', () => {
    expect(listArguments(main).slice(-3)).toEqual([join(dist, '../scripts/jest/run-server.mjs'), '/bundle', main]);
  });

  it('run dist as it ships when a spec asks for that, and without a bundle', () => {
    expect(listArguments(main, { shipped: true })).toEqual([join(dist, main)]);
    process.env.SPEC_SERVERS = '';
    expect(listArguments(main)).toEqual([join(dist, main)]);
  });
});
