import { describe, expect, it } from '@jest/globals';
import { defineJob, type JobDefinition } from './job-definition.js';
import { JobHandlers } from './job-handlers.js';

// Declared, these would be missing in each worker that another file starts in this process.
const needed: JobDefinition<{ id: string }> = { queue: 'inbox', name: 'spec.needed' };
const recurring: JobDefinition<Record<string, never>> = { queue: 'housekeeping', name: 'spec.recurring' };
const optional = defineJob<{ id: string }>('inbox', 'spec.optional', { optional: true });
const nothing = (): Promise<void> => Promise.resolve();
const findMissing = (handlers: JobHandlers): string[] => handlers.missing([needed, recurring, optional]);

describe('jobs', () => {
  it('are declared once and handled once', () => {
    expect(() => defineJob('inbox', 'spec.optional')).toThrow('declared twice');
    const handlers = new JobHandlers();
    handlers.register(needed, nothing);
    expect(() => handlers.register(needed, nothing)).toThrow('two handlers');
    expect(handlers.findHandlers('spec.needed')).toEqual([{ name: 'spec.needed', handler: nothing, isRecurring: false }]);
    expect(handlers.findHandlers('spec.unknown')).toEqual([]);
  });

  it('without a handler are reported, unless they may be left out', () => {
    const handlers = new JobHandlers();
    expect(findMissing(handlers)).toEqual([needed.name, recurring.name]);
    handlers.register(needed, nothing);
    handlers.register(recurring, nothing, 5_000);
    expect(findMissing(handlers)).toEqual([]);
    expect(handlers.recurring()).toEqual([{ job: recurring, everyMs: 5_000 }]);
  });

  it('with the same period share a schedule', () => {
    const handlers = new JobHandlers();
    const list = (name: string): string[] => handlers.findHandlers(name).map((one) => one.name);
    for (const [name, everyMs] of Object.entries({ one: 5_000, other: 5_000, seldom: 60_000 }))
      handlers.register({ queue: 'housekeeping', name }, nothing, everyMs);
    expect([list('housekeeping.every-5s'), list('housekeeping.every-60s')]).toEqual([['one', 'other'], ['seldom']]);
    expect(list('other')).toEqual(['other']);
  });
});
