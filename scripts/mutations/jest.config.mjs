/** The config of a run with a fault: it ends with the first failure. */
import config from '../../jest.config.mjs';

export default {
  ...config,
  rootDir: '../..',
  bail: 1,
  // With a fault a test may wait for an event that never comes.
  testTimeout: 60_000,
  testEnvironment: '<rootDir>/scripts/mutations/stop-at-failure.cjs',
  setupFilesAfterEnv: [...config.setupFilesAfterEnv, '<rootDir>/scripts/mutations/once.mjs'],
  reporters: ['default', '<rootDir>/scripts/mutations/results.mjs'],
};
