import type { Transaction } from '../database/index.js';

/** A kind of long work that operators start. `Place`: where it goes on, kept as JSON. */
export interface TaskDefinition<Input extends object, Place> {
  /** Such as `failures.replay`. */
  readonly kind: string;
  /** What it does, in a few words of English. */
  readonly title: string;
  /** Type only. */
  readonly types?: readonly [Input, Place];
}

/** A task that runs, as its handler sees it. */
export interface TaskRun<Input extends object, Place> {
  readonly id: string;
  readonly input: Input;
  /** Where the slice before it said to go on; undefined at the beginning. */
  readonly place: Place | undefined;
  /** When it was asked for, by the database's clock, as text with microseconds. */
  readonly startedAt: string;
  /** Name of the operator. */
  readonly startedBy: string;
  /** Number of the request that asked for it. */
  readonly request: string | null;
  /** What the slices before it came to. */
  readonly done: number;
  readonly total: number | null;
}

/** What one slice of a task came to. */
export interface TaskSlice<Place> {
  /** Things that were done in it. */
  readonly done: number;
  /** All things that the task has to do, once that is known. */
  readonly total?: number;
  /** How many things ended how, in words; added to those of the slices before. */
  readonly result?: Readonly<Record<string, number>>;
  /** Where the next slice begins; missing: the task is done. */
  readonly next?: Place;
}

/**
 * Does one slice, of some seconds at most, in the transaction that keeps its progress: what it writes with
 * `tx` is stored once. Anything else that it does may be repeated after a crash. `stopping` aborts when the
 * process is to stop.
 */
export type TaskHandler<Input extends object, Place> = (
  tx: Transaction,
  run: TaskRun<Input, Place>,
  stopping: AbortSignal,
) => Promise<TaskSlice<Place>>;

const defined = new Map<string, TaskDefinition<never, never>>();

/** Declares a kind of task, once per name. A worker does not start while one has no handler. */
export function defineTask<Input extends object, Place = string>(kind: string, title: string): TaskDefinition<Input, Place> {
  if (defined.has(kind)) throw new Error(`task ${kind} is declared twice`);
  const definition: TaskDefinition<Input, Place> = { kind, title };
  defined.set(kind, definition as unknown as TaskDefinition<never, never>);
  return definition;
}

/** What a kind of task does, in a few words; of one that this version does not know, its name. */
export function describeTask(kind: string): string {
  return defined.get(kind)?.title ?? kind;
}

/** All kinds declared so far. */
export function definedTasks(): TaskDefinition<never, never>[] {
  return [...defined.values()];
}
