import { Column, Entity, PrimaryColumn } from 'typeorm';

/** `stopped`: by an operator, and the work done so far stays. `failed`: given up after several tries. */
export type TaskState = 'running' | 'done' | 'stopped' | 'failed';

/** Long work that an operator started. */
@Entity('task')
export class TaskEntity {
  @PrimaryColumn('uuid') id!: string;
  @Column('text') kind!: string;
  /** Two tasks with one key do not run at the same time. */
  @Column('text', { nullable: true }) key!: string | null;
  /** The input of the task. */
  @Column('jsonb') input!: object;
  @Column('text') state!: TaskState;
  /** The place to continue at. Null at the beginning. */
  @Column('jsonb', { nullable: true }) place!: unknown;
  /** Things done so far, and all of them once that is known. */
  @Column('int') done!: number;
  @Column('int', { nullable: true }) total!: number | null;
  /** How many of them ended how. */
  @Column('jsonb') result!: Record<string, number>;
  /** Why the last try failed, in plain words. */
  @Column('text', { nullable: true }) problem!: string | null;
  /** Name of the operator. */
  @Column('text') startedBy!: string;
  /** Number of the request that started it. */
  @Column('text', { nullable: true }) request!: string | null;
  @Column('timestamptz') dueAt!: Date;
  /** Tries since the last slice that was stored. */
  @Column('int') tries!: number;
  /** Grows with each try: results that a run stores after another began are dropped. */
  @Column('int') fence!: number;
  @Column('timestamptz') leaseUntil!: Date;
  @Column('timestamptz') startedAt!: Date;
  @Column('timestamptz') updatedAt!: Date;
  @Column('timestamptz', { nullable: true }) endedAt!: Date | null;
}
