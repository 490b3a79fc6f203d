import { Injectable } from '@nestjs/common';
import { CallbackError, notFound } from '../errors/index.js';
import { JobQueue } from '../queue/index.js';
import type { TaskDefinition } from './task-definition.js';
import { TaskEntity } from './task.entity.js';
import { runTasks } from './task-runner.js';
import { TaskStore } from './task-store.js';

/** Who starts a task. */
export interface TaskOrigin {
  /** Name of the operator. */
  startedBy: string;
  /** Number of the request. */
  request?: string | undefined;
  /** Two tasks with one key do not run at the same time. */
  key?: string;
}

/** Long work that operators start: it runs in the workers, and can be left, found again and stopped. */
@Injectable()
export class TasksService {
  constructor(
    private readonly store: TaskStore,
    private readonly queue: JobQueue,
  ) {}

  /** Starts a task and returns it. Throws CallbackError 409 while another with its key runs. */
  async start<Input extends object, Place>(
    definition: TaskDefinition<Input, Place>,
    input: Input,
    { startedBy, request, key }: TaskOrigin,
  ): Promise<TaskEntity> {
    const task = await this.store.add(definition, input, { startedBy, request, key });
    this.queue.wake(runTasks, {}, { deduplicationId: runTasks.name });
    return task;
  }

  /** Throws CallbackError 404. */
  async get(id: string): Promise<TaskEntity> {
    const task = await this.store.find(id);
    if (!task) throw notFound('task', id);
    return task;
  }

  /** Stops a task. Its results stay. Throws CallbackError 404, and 409 if the task has ended. */
  async stop(id: string): Promise<TaskEntity> {
    const { state } = await this.get(id);
    if (state !== 'running' && state !== 'stopped') throw new CallbackError(409, `The task has ended: it is ${state}.`);
    await this.store.stop(id);
    return this.get(id);
  }
}
