import { Injectable, type OnModuleInit } from '@nestjs/common';
import { markMethod, MethodDiscovery } from '../queue/index.js';
import { definedTasks, type TaskDefinition, type TaskHandler } from './task-definition.js';

const HANDLES = Symbol('tasks that a method handles');

/** Makes a method of a Nest provider handle a kind of task, slice by slice. */
export function HandleTask<Input extends object, Place>(
  task: TaskDefinition<Input, Place>,
): <Method extends TaskHandler<Input, Place>>(target: object, name: string | symbol, descriptor: TypedPropertyDescriptor<Method>) => void {
  return (_target, _name, descriptor) => markMethod(HANDLES, descriptor.value as object, task);
}

/** Who does which kind of task: the methods with HandleTask of all Nest providers. */
@Injectable()
export class TaskHandlers implements OnModuleInit {
  private readonly handlers = new Map<string, TaskHandler<object, unknown>>();

  constructor(private readonly methods: MethodDiscovery) {}

  onModuleInit(): void {
    for (const { call, marks } of this.methods.list<TaskDefinition<object, unknown>>(HANDLES))
      for (const task of marks) this.register(task, call as unknown as TaskHandler<object, unknown>);
  }

  register<Input extends object, Place>({ kind }: TaskDefinition<Input, Place>, handler: TaskHandler<Input, Place>): void {
    if (this.handlers.has(kind)) throw new Error(`task ${kind} has two handlers`);
    this.handlers.set(kind, handler as unknown as TaskHandler<object, unknown>);
  }

  find(kind: string): TaskHandler<object, unknown> | undefined {
    return this.handlers.get(kind);
  }

  /** Kinds that this process can do. */
  list(): string[] {
    return [...this.handlers.keys()];
  }

  /** Throws when a kind of task has no handler. By default, checks all declared kinds. */
  assertComplete(tasks: readonly Pick<TaskDefinition<never, never>, 'kind'>[] = definedTasks()): void {
    const missing = tasks.filter(({ kind }) => !this.handlers.has(kind));
    if (missing.length > 0) throw new Error(`no handler for the tasks ${missing.map(({ kind }) => kind).join(', ')}`);
  }
}
