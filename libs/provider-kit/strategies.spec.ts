import { describe, expect, it } from '@jest/globals';
import { MemoryCache } from '../testing/memory-cache.js';
import { ProviderError } from './provider-error.js';
import { actAndWait, createThenBuy, type Job, runJob } from './strategies.js';

const open = () => ({ cache: new MemoryCache(), signal: new AbortController().signal });

describe('createThenBuy', () => {
  interface Parcel {
    id: string;
    isPaid: boolean;
  }
  /** A service whose calls can lose their reply, once it has acted. */
  const newService = () => {
    const parcels = new Map<string, Parcel>();
    const calls: string[] = [];
    const lost = new Set<string>();
    const act = (call: string, parcel: Parcel): Promise<Parcel> => {
      calls.push(call);
      parcels.set(parcel.id, parcel);
      return lost.delete(call) ? Promise.reject(new ProviderError('unknown_outcome', 'Lost')) : Promise.resolve(parcel);
    };
    const steps = createThenBuy<{ reference: string }, Parcel, undefined>({
      find: (reference) => Promise.resolve(parcels.get(reference)),
      isBought: ({ isPaid }) => isPaid,
      create: ({ reference }) => act('create', { id: reference, isPaid: false }),
      buy: ({ id }) => act('buy', { id, isPaid: true }),
    });
    return { steps, calls, lost };
  };

  it('creates, then buys, and finds what is bought', async () => {
    const { steps, calls } = newService();
    expect(await steps.find('a', undefined)).toBeUndefined();
    expect(await steps.save({ reference: 'a' }, undefined)).toEqual({ id: 'a', isPaid: true });
    expect([calls, await steps.find('a', undefined)]).toEqual([['create', 'buy'], { id: 'a', isPaid: true }]);
  });

  it.each([
    ['create', ['create', 'buy'], false],
    ['buy', ['create', 'buy'], true],
  ])('goes on after the reply of %s was lost, and does nothing twice', async (call, expected, isFound) => {
    const { steps, calls, lost } = newService();
    lost.add(call);
    await expect(steps.save({ reference: 'a' }, undefined)).rejects.toMatchObject({ kind: 'unknown_outcome' });
    // A draft that is not paid for is not a parcel.
    expect((await steps.find('a', undefined)) !== undefined).toBe(isFound);
    expect(await steps.save({ reference: 'a' }, undefined)).toEqual({ id: 'a', isPaid: true });
    expect(calls).toEqual(expected);
  });

  it.each([
    ['create', 2],
    ['buy', 1],
  ])('after the reply of %s was lost, the changed order is bought, unless it is bought already', async (call, created) => {
    const drafts: { to: string; isPaid: boolean }[] = [];
    let isLost = true;
    const lose = (name: string): void => {
      if (isLost && name === call) throw new ProviderError('unknown_outcome', 'Lost', { cause: (isLost = false) });
    };
    const steps = createThenBuy<{ reference: string; to: string }, { to: string; isPaid: boolean }, undefined>({
      find: () => Promise.resolve(drafts.at(-1)),
      isBought: ({ isPaid }) => isPaid,
      isStillWanted: (found, { to }) => found.to === to,
      create: async ({ to }, _, unwanted) => {
        expect(unwanted?.to).toBe(drafts.at(-1)?.to);
        const made = { to, isPaid: false };
        drafts.push(made);
        lose('create');
        return Promise.resolve(made);
      },
      buy: async (found) => {
        found.isPaid = true;
        lose('buy');
        return Promise.resolve(found);
      },
    });
    await expect(steps.save({ reference: 'a', to: 'Madrid' }, undefined)).rejects.toMatchObject({ kind: 'unknown_outcome' });
    const to = call === 'create' ? 'Bilbao' : 'Madrid';
    expect(await steps.save({ reference: 'a', to: 'Bilbao' }, undefined)).toEqual({ to, isPaid: true });
    expect([drafts.length, drafts.filter(({ isPaid }) => isPaid).length]).toEqual([created, 1]);
  });
});

describe('actAndWait', () => {
  it('waits until the service has checked the call, and reports the last state', async () => {
    let looks = 0;
    const steps = {
      act: () => Promise.resolve('id'),
      look: (id: string) => Promise.resolve(`${id} ${++looks}`),
      isSettled: (seen: string) => seen === 'id 2',
      pausesMs: [0, 0, 0],
    };
    expect(await actAndWait(steps, open())).toEqual({ accepted: 'id', seen: 'id 2' });
    expect(await actAndWait({ ...steps, pausesMs: [0] }, open())).toEqual({ accepted: 'id', seen: 'id 3' });
    expect(await actAndWait({ ...steps, look: () => Promise.reject(new Error('away')) }, open())).toEqual({
      accepted: 'id',
      seen: undefined,
    });
  });
});

describe('runJob', () => {
  type State = 'running' | 'ready' | 'failed';
  const newJob = (states: (State | undefined)[], fetch: Job<State, string>['fetch'] = (id) => Promise.resolve(`file of ${id}`)) => {
    let started = 0;
    const job: Job<State, string> = {
      key: 'print:1',
      start: () => Promise.resolve(`job ${++started}`),
      look: () => Promise.resolve(states.length > 1 ? states.shift() : states[0]),
      isRunning: (state) => state === 'running',
      fetch: (id, state) =>
        state === 'failed'
          ? Promise.reject(new ProviderError('rejected', 'No'))
          : state === 'ready'
            ? fetch(id, state)
            : Promise.reject(new ProviderError('unavailable', 'Wait')),
      pausesMs: [0, 0],
      resumedSeconds: 60,
    };
    return { job, count: () => started };
  };

  it('waits for the job, and starts another for the next request', async () => {
    const [{ job, count }, context] = [newJob(['running', 'ready']), open()];
    expect([await runJob(job, context), await runJob(job, context), count()]).toEqual(['file of job 1', 'file of job 2', 2]);
  });

  it('is resumed by the next request while it runs', async () => {
    const [{ job, count }, context] = [newJob(['running', 'running', 'ready']), open()];
    await expect(runJob(job, context)).rejects.toMatchObject({ kind: 'unavailable' });
    expect([await runJob(job, context), count()]).toEqual(['file of job 1', 1]);
  });

  it('is not resumed once it has failed', async () => {
    const [{ job, count }, context] = [newJob(['failed', 'ready']), open()];
    await expect(runJob(job, context)).rejects.toMatchObject({ kind: 'rejected' });
    expect([await runJob(job, context), count()]).toEqual(['file of job 2', 2]);
  });

  it('is started once more when it or its file has vanished', async () => {
    const gone = newJob([undefined, 'ready']);
    expect([await runJob(gone.job, open()), gone.count()]).toEqual(['file of job 2', 2]);
    const empty = newJob(['ready'], () => Promise.resolve(undefined));
    expect([await runJob(empty.job, open()), empty.count()]).toEqual([undefined, 2]);
  });
});
