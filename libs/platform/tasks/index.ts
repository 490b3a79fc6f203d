export { HandleTask, TaskHandlers } from './handle-task.decorator.js';
export * from './task-definition.js';
export * from './task.entity.js';
export { TaskRunner } from './task-runner.js';
export { TaskStore } from './task-store.js';
export * from './tasks.module.js';
export * from './tasks.service.js';
