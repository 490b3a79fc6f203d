import { Global, Module } from '@nestjs/common';
import type { Schema } from '../database/index.js';
import { TaskHandlers } from './handle-task.decorator.js';
import { TasksBaseline1765000000400 } from './migrations/1765000000400-tasks-baseline.js';
import { tasksGauges } from './tasks.gauges.js';
import { TaskEntity } from './task.entity.js';
import { TaskRunner } from './task-runner.js';
import { TasksService } from './tasks.service.js';
import { TaskStore } from './task-store.js';

/** Entities and migrations of this folder. */
export const tasksSchema: Schema = { entities: [TaskEntity], migrations: [TasksBaseline1765000000400], gauges: tasksGauges };

/** Long work that operators start, for the whole application. */
@Global()
@Module({ providers: [TaskStore, TaskHandlers, TasksService, TaskRunner], exports: [TasksService, TaskHandlers] })
export class TasksModule {}
