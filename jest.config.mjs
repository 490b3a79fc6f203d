import { availableParallelism } from 'node:os';

/**
 * One config for unit specs (`*.spec.ts`) and end-to-end specs (`*.e2e-spec.ts`, which need the servers that
 * scripts/test.mjs starts). Node loads them itself: see scripts/jest/README.md.
 */
const imports = (await import('./package.json', { with: { type: 'json' } })).default.imports;
const aliases = Object.fromEntries(
  Object.entries(imports).map(([name, file]) => [
    `^${name.replace('*', '(.*)')}$`,
    file.replace('./dist/', '<rootDir>/').replace(/\.js$/, '.ts').replace('*', '$1'),
  ]),
);

export default {
  testEnvironment: '<rootDir>/scripts/jest/environment.cjs',
  runtime: '<rootDir>/scripts/jest/runtime.cjs',
  injectGlobals: false,
  // Node's streams wait for these.
  fakeTimers: { doNotFake: ['nextTick', 'queueMicrotask'] },
  moduleNameMapper: { ...aliases, '^(\\.{1,2}/.*)\\.js$': '$1' },
  testMatch: ['<rootDir>/{apps,libs,lab,tools,scripts}/**/*.{spec,e2e-spec}.ts'],
  setupFilesAfterEnv: ['reflect-metadata', '<rootDir>/scripts/jest/setup.mjs'],
  // On a busy machine, stopping processes and dropping a database may take most of this time.
  testTimeout: 180_000,
  testSequencer: '<rootDir>/scripts/jest/order.mjs',
  reporters: ['<rootDir>/scripts/jest/failures.mjs', 'default'],
  // Not among the temporary files, which `npm test` removes.
  cacheDirectory: '<rootDir>/node_modules/.cache/jest',
  // End-to-end specs mostly wait for the processes that they start.
  maxWorkers: Math.ceil(2.5 * availableParallelism()),
  // Modules of a spec stay in memory after it: a worker that holds gigabytes spends its time collecting them.
  workerIdleMemoryLimit: '1GB',
};
