import { availableParallelism } from 'node:os';
import { bundlePackages } from './scripts/jest-packages.mjs';

/**
 * One config for unit specs (`*.spec.ts`) and end-to-end specs (`*.e2e-spec.ts`, which need the servers that
 * scripts/test.mjs starts).
 */
const swc = [
  '@swc/jest',
  {
    jsc: {
      parser: { syntax: 'typescript', decorators: true },
      transform: { legacyDecorator: true, decoratorMetadata: true, useDefineForClassFields: false },
      target: 'es2023',
      keepClassNames: true,
    },
    module: { type: 'es6' },
    sourceMaps: 'inline',
  },
];

const imports = (await import('./package.json', { with: { type: 'json' } })).default.imports;
const aliases = Object.fromEntries(
  Object.entries(imports).map(([name, file]) => [
    `^${name.replace('*', '(.*)')}$`,
    file.replace('./dist/', '<rootDir>/').replace(/\.js$/, '.ts').replace('*', '$1'),
  ]),
);

export default {
  testEnvironment: 'node',
  extensionsToTreatAsEsm: ['.ts'],
  transform: { '\\.ts$': swc },
  moduleNameMapper: { ...aliases, ...(await bundlePackages()), '^(\\.{1,2}/.*)\\.js$': '$1' },
  testMatch: ['<rootDir>/{apps,libs,tools,scripts}/**/*.{spec,e2e-spec}.ts'],
  setupFiles: ['reflect-metadata'],
  setupFilesAfterEnv: ['<rootDir>/scripts/jest-retry.mjs'],
  // Of a loaded machine: stopping processes and dropping a database may take most of it.
  testTimeout: 180_000,
  testSequencer: '<rootDir>/scripts/jest-order.mjs',
  reporters: ['<rootDir>/scripts/jest-failures.mjs', 'default'],
  // Not among the temporary files, which `npm test` removes.
  cacheDirectory: '<rootDir>/node_modules/.cache/jest',
  // End-to-end specs wait for processes that they start, whose time limits more at once would use up.
  maxWorkers: availableParallelism() + 1,
  // Modules of a spec stay in memory after it: a worker that holds gigabytes spends its time collecting them.
  workerIdleMemoryLimit: '1GB',
};
