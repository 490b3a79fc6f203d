import type { Transaction } from '../database/index.js';

/** A kind of long work that operators start. `Place`: the place to continue at, kept as JSON. */
export interface TaskDefinition<Input extends object, Place> {
  /** Such as `failures.replay`. */
  readonly kind: string;
  /** Its purpose, in a few words of English. */
  readonly title: string;
  /** Type only. */
  readonly types?: readonly [Input, Place];
}

/** A task that runs, as its handler sees it. */
export interface TaskRun<Input extends object, Place> {
  readonly id: string;
  readonly input: Input;
  /** The `next` of the previous slice. Undefined at the beginning. */
  readonly place: Place | undefined;
  /** When it was requested, by the database's clock, as text with microseconds. */
  readonly startedAt: string;
  /** Name of the operator. */
  readonly startedBy: string;
  /** Number of the request that started it. */
  readonly request: string | null;
  /** Number of things that the previous slices did. */
  readonly done: number;
  readonly total: number | null;
}

/** The outcome of one slice of a task. */
export interface TaskSlice<Place> {
  /** Things that were done in it. */
  readonly done: number;
  /** All things that the task has to do, once that is known. */
  readonly total?: number;
  /** Number of things by their outcome, in words. Added to the numbers of the previous slices. */
  readonly result?: Readonly<Record<string, number>>;
  /** Where the next slice begins. Missing if the task is done. */
  readonly next?: Place;
}

/**
 * Does one slice, of some seconds at most, in the transaction that keeps its progress: rows written with `tx`
 * are stored once. Any other effect may be repeated after a crash. `stopping` aborts when the process is to
 * stop.
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

/** A kind of task in a few words, or its name if this version does not have the kind. */
export function describeTask(kind: string): string {
  return defined.get(kind)?.title ?? kind;
}

/** All kinds declared so far. */
export function definedTasks(): TaskDefinition<never, never>[] {
  return [...defined.values()];
}
