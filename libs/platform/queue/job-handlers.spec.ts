import { describe, expect, it } from '@jest/globals';
import { defineJob } from './job-definition.js';
import { JobHandlers } from './job-handlers.js';

const needed = defineJob<{ id: string }>('inbox', 'spec.needed');
defineJob<{ id: string }>('inbox', 'spec.optional', { optional: true });
const recurring = defineJob<Record<string, never>>('housekeeping', 'spec.recurring');
const nothing = (): Promise<void> => Promise.resolve();
/** Leaves out the jobs that other files of the same process declare. */
const findMissing = (handlers: JobHandlers): string[] => handlers.missing().filter((name) => name.startsWith('spec.'));

describe('jobs', () => {
  it('are declared once and handled once', () => {
    expect(() => defineJob('inbox', 'spec.needed')).toThrow('declared twice');
    const handlers = new JobHandlers();
    handlers.register(needed, nothing);
    expect(() => handlers.register(needed, nothing)).toThrow('two handlers');
    expect(handlers.findHandler('spec.needed')).toBe(nothing);
    expect(handlers.findHandler('spec.unknown')).toBeUndefined();
  });

  it('that nobody handles are named, unless they may be left out', () => {
    const handlers = new JobHandlers();
    expect(findMissing(handlers)).toEqual([needed.name, recurring.name]);
    handlers.register(needed, nothing);
    handlers.register(recurring, nothing, 5_000);
    expect(findMissing(handlers)).toEqual([]);
    expect(handlers.recurring()).toEqual([{ job: recurring, everyMs: 5_000 }]);
  });
});
