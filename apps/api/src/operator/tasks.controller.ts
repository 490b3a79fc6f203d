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
  /** Such as `failures.replay`. */
  @IsOptional() @IsString() @MaxLength(100) kind?: string;
}

/** Long work that an operator started, as far as it has come. */
export interface TaskView {
  id: string;
  /** Such as `failures.replay`. */
  kind: string;
  /** What it does, in words. */
  title: string;
  /** What it was asked to do. */
  input: object;
  /** `stopped`: by an operator; `failed`: given up after ten tries. */
  state: TaskState;
  /** Things done so far. */
  done: number;
  /** All things that it has to do, once that is known. */
  total?: number;
  /** How many of the things done ended how, by outcome. */
  result: Record<string, number>;
  /** Why the last try failed. */
  problem?: string;
  /** When it is tried again after that. */
  triedAgainAt?: string;
  /** Name of the operator who started it. */
  startedBy: string;
  /** Number of the request that started it. */
  request?: string;
  startedAt: string;
  /** When its progress changed last. */
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

/** Long work that operators started: it runs in the workers, whatever becomes of who started it. */
@ApiTags('operator: tasks')
@OperatorAccess()
@Controller('operator/api/tasks')
export class TasksController {
  constructor(
    private readonly database: Database,
    private readonly tasks: TasksService,
  ) {}

  /** Long work that operators started, the latest first. It is listed until 30 days after its end. */
  @Get()
  @WithinModules()
  @ApiQueryOf(TaskListDto)
  listTasks(@Query() filter: TaskListDto): Promise<Page<TaskView>> {
    return readPage(this.database, TASK_LIST, filter);
  }

  /** One task with its progress. */
  @Get(':id')
  @WithinModules()
  async readTask(@Param('id') id: string): Promise<TaskView> {
    return toTaskView(await this.find(id));
  }

  /**
   * Stops a task; what it has done stays. One that was stopped before is answered as it is.
   * @throws 409 for a task that has ended
   */
  @Post(':id/stop')
  @WithinModules()
  @HttpCode(200)
  async stopTask(@Param('id') id: string): Promise<TaskView> {
    await this.find(id);
    return toTaskView(await this.tasks.stop(id));
  }

  /** Finds a task. An operator who is limited to modules finds only their own. */
  private async find(id: string): Promise<TaskEntity> {
    const task = await this.tasks.get(id);
    const scope = getOperatorScope();
    if (scope && scope.operator !== task.startedBy) throw notFound('task', id);
    return task;
  }
}

/** Shows a task as the operator API answers it. */
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
