import { Column, Entity, PrimaryColumn } from 'typeorm';

/** `wanted`: not at the gateway yet; `failed`: the gateway refuses it; `off`: switched off there. */
export type ChannelState = 'wanted' | 'active' | 'failed' | 'off';

/** A messenger's account and the gateway's channel for it. */
@Entity('chat_channel')
export class ChannelEntity {
  @PrimaryColumn('uuid') id!: string;
  @Column('uuid', { name: 'connection_id' }) connectionId!: string;
  /** Its id at the messenger, unique in the connection: the channel's external id. */
  @Column('text') account!: string;
  /** The gateway's id; null: not known yet. */
  @Column('bigint', { name: 'mg_id', nullable: true }) mgId!: string | null;
  @Column('text') name!: string;
  /** Of what the gateway was last sent of it; null: nothing. */
  @Column('text', { name: 'settings_hash', nullable: true }) settingsHash!: string | null;
  @Column('text') state!: ChannelState;
  /** Why it failed, in plain words. */
  @Column('text', { nullable: true }) problem!: string | null;
  @Column('timestamptz', { name: 'updated_at' }) updatedAt!: Date;
}

/** When a connection's channels are next compared with the gateway's. */
@Entity('chat_channel_sync')
export class ChannelSyncEntity {
  @PrimaryColumn('uuid', { name: 'connection_id' }) connectionId!: string;
  /** Null: when something changes. */
  @Column('timestamptz', { name: 'due_at', nullable: true }) dueAt!: Date | null;
  /** Runs since the last that succeeded. */
  @Column('int') tries!: number;
  /** Grows with each run: what a run stores after another began is dropped. */
  @Column('int') fence!: number;
  @Column('timestamptz', { name: 'lease_until' }) leaseUntil!: Date;
  /** Why the last run failed, in plain words. */
  @Column('text', { nullable: true }) problem!: string | null;
}
