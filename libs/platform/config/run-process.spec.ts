import { expect, it, jest } from '@jest/globals';
import { closeOnSignals } from './run-process.js';

it.each([
  [1, true],
  [2, false],
])('process %i calls process.exit after a shutdown: %s', (pid, useProcessExit) => {
  const enableShutdownHooks = jest.fn<Parameters<typeof closeOnSignals>[0]['enableShutdownHooks']>();
  closeOnSignals({ enableShutdownHooks }, pid);
  expect(enableShutdownHooks).toHaveBeenCalledWith([], { useProcessExit });
});
