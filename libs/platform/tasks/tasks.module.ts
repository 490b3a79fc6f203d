import { Global, Module } from '@nestjs/common';
import type { Schema } from '../database/index.js';
import { TaskHandlers } from './handle-task.decorator.js';
import { Tasks1764000700300 } from './migrations/1764000700300-tasks.js';
import { tasksGauges } from './tasks.gauges.js';
import { TaskEntity } from './task.entity.js';
import { TaskRunner } from './task-runner.js';
import { TasksService } from './tasks.service.js';
import { TaskStore } from './task-store.js';

/** Entities and migrations of this folder. */
export const tasksSchema: Schema = { entities: [TaskEntity], migrations: [Tasks1764000700300], gauges: tasksGauges };

/** Long work that operators start, for the whole application. */
@Global()
@Module({ providers: [TaskStore, TaskHandlers, TasksService, TaskRunner], exports: [TasksService, TaskHandlers] })
export class TasksModule {}
