import { describe, expect, it } from '@jest/globals';
import { refuseOld } from './reach-stores.js';

describe('the version of PostgreSQL', () => {
  it.each(['17.0', '18.1 (Debian 18.1-1)', '19beta1'])('%s is taken', (version) => {
    expect(() => refuseOld(version)).not.toThrow();
  });

  it.each(['16.4', '15.14 (Debian 15.14-0+deb12u1)', ''])('%s is refused, with the least one', (version) => {
    expect(() => refuseOld(version)).toThrow(`PostgreSQL 17 or later is needed, but DATABASE_URL leads to ${version}.`);
  });
});
