import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { PressResult } from './widget-view.js';

/** A press of an action, so that a repeat gets the same reply. The claimed user is in the audit list. */
@Entity('widget_press')
export class WidgetPressEntity {
  @PrimaryColumn('uuid') id!: string;
  @Column('uuid') connectionId!: string;
  /** Made by the widget for each press, unique in the connection. */
  @Column('uuid') key!: string;
  @Column('text') thing!: string;
  @Column('text') action!: string;
  /** Null while the action runs, after it failed in time, or if its outcome is not known. */
  @Column('jsonb', { nullable: true }) result!: StoredResult | null;
  /** Until when a process works on it, then when it ended. `-infinity`: it failed in time. */
  @Column('timestamptz') leaseUntil!: Date;
  /** When its document was opened. Null: not yet. */
  @Column('timestamptz', { nullable: true }) openedAt!: Date | null;
  @Column('timestamptz') createdAt!: Date;
}

/**
 * `document`: the reply has a one-time address, which is derived and not stored. `late`: how the press ended
 * after the reply that it is running.
 */
export type StoredResult = Pick<PressResult, 'text' | 'tone'> & { readonly document?: true; readonly late?: 'done' | 'failed' };

/** The actions that a shop has switched on, as `delivery.cancel`. */
@Entity('widget_setting')
export class WidgetSettingEntity {
  @PrimaryColumn('uuid') connectionId!: string;
  @Column('text', { array: true }) actions!: string[];
  @Column('timestamptz') updatedAt!: Date;
}
