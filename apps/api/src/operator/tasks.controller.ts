import { Controller, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { IsIn, IsOptional, IsString, MaxLength } from 'class-validator';
import {
  ApiQueryOf,
  Database,
  definedTasks,
  defineOperatorList,
  OperatorAccess,
  type Page,
  PageDto,
  readPage,
  TaskEntity,
  type TaskState,
  TasksService,
  getOperatorScope,
  notFound,
  WithinModules,
} from '#platform';

/** Filter of the list of tasks. */
export class TaskListDto extends PageDto {
  @IsOptional() @IsIn(['running', 'done', 'stopped', 'failed']) state?: string;
  /** Kind, such as `failures.replay`. */
  @IsOptional() @IsString() @MaxLength(100) kind?: string;
}

/** A long-running task of an operator, with its progress. */
export interface TaskView {
  id: string;
  /** Kind, such as `failures.replay`. */
  kind: string;
  /** Description in words. */
  title: string;
  /** The input of the task. */
  input: object;
  /** `stopped`: by an operator. `failed`: given up after ten attempts. */
  state: TaskState;
  /** Number of things done so far. */
  done: number;
  /** Number of all things, once it is known. */
  total?: number;
  /** Number of things done, by outcome. */
  result: Record<string, number>;
  /** Why the last attempt failed. */
  problem?: string;
  /** When it is tried again. */
  triedAgainAt?: string;
  /** Name of the operator who started it. */
  startedBy: string;
  /** Number of the request that started it. */
  request?: string;
  startedAt: string;
  /** When its progress last changed. */
  updatedAt: string;
  endedAt?: string;
}

/** Tasks, the latest first. */
export const TASK_LIST = defineOperatorList<TaskListDto, TaskEntity, TaskView>({
  from: TaskEntity,
  where: { state: 'row.state = :state', kind: 'row.kind = :kind' },
  within: 'row.startedBy = :scopeOperator',
  order: { 'row.startedAt': 'DESC', 'row.id': 'DESC' },
  view: toTaskView,
});

/** Long-running tasks of operators. The workers run them, also after the operator has signed out. */
@ApiTags('operator: tasks')
@OperatorAccess()
@Controller('operator/api/tasks')
export class TasksController {
  constructor(
    private readonly database: Database,
    private readonly tasks: TasksService,
  ) {}

  /** Lists operators' tasks, the latest first, until 30 days after their end. */
  @Get()
  @WithinModules()
  @ApiQueryOf(TaskListDto)
  listTasks(@Query() filter: TaskListDto): Promise<Page<TaskView>> {
    return readPage(this.database, TASK_LIST, filter);
  }

  /** Returns one task with its progress. */
  @Get(':id')
  @WithinModules()
  async readTask(@Param('id') id: string): Promise<TaskView> {
    return toTaskView(await this.find(id));
  }

  /**
   * Stops a task. Finished work stays. A task that was stopped before is returned unchanged.
   * @throws 409 if the task has ended
   */
  @Post(':id/stop')
  @WithinModules()
  @HttpCode(200)
  async stopTask(@Param('id') id: string): Promise<TaskView> {
    await this.find(id);
    return toTaskView(await this.tasks.stop(id));
  }

  /** Finds a task. An operator who is limited to modules finds only their own tasks. */
  private async find(id: string): Promise<TaskEntity> {
    const task = await this.tasks.get(id);
    const scope = getOperatorScope();
    if (scope && scope.operator !== task.startedBy) throw notFound('task', id);
    return task;
  }
}

/** Shows a task in the operator API's format. */
export function toTaskView(task: TaskEntity): TaskView {
  const { id, kind, input, state, done, total, result, problem, startedBy, request } = task;
  const isTriedAgain = state === 'running' && problem !== null;
  return {
    ...{ id, kind, title: definedTasks().find((one) => one.kind === kind)?.title ?? kind, input, state, done },
    ...(total !== null && { total }),
    result,
    ...(problem !== null && { problem }),
    ...(isTriedAgain && { triedAgainAt: task.dueAt.toISOString() }),
    startedBy,
    ...(request !== null && { request }),
    ...{ startedAt: task.startedAt.toISOString(), updatedAt: task.updatedAt.toISOString() },
    ...(task.endedAt && { endedAt: task.endedAt.toISOString() }),
  };
}
