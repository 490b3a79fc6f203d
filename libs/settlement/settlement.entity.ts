import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { Register, RegisterRow } from '#provider-kit';
import type { RegisterLayout } from './csv/register-layout.js';
import type { MoneyFacts } from './money-source.js';

/** A register of a service. Amounts are in minor units. */
@Entity('register')
export class RegisterEntity {
  @PrimaryColumn('uuid') id!: string;
  @Column('uuid') connectionId!: string;
  @Column('text') integration!: string;
  /** Code of the provider. */
  @Column('text') service!: string;
  /** `Register.id`, or the number that the shop entered for a file. */
  @Column('text') number!: string;
  @Column('text') kind!: Register['kind'];
  @Column('date') date!: string;
  @Column('text') currency!: string;
  @Column('bigint') total!: string;
  /** The total of its rows. */
  @Column('bigint') sum!: string;
  @Column('int') rowCount!: number;
  @Column('text', { nullable: true }) document!: string | null;
  @Column('boolean') isFile!: boolean;
  /** Hash of its rows. */
  @Column('text') hash!: string;
  /** Grows with each import that changed it. */
  @Column('int') revision!: number;
  @Column('timestamptz') createdAt!: Date;
  @Column('timestamptz') updatedAt!: Date;
  /** When a comparison was started for it. Null: not yet. */
  @Column('timestamptz', { nullable: true }) comparedAt!: Date | null;
}

/** A row of a register. A corrected register replaces rows, which are kept. */
@Entity('register_row')
export class RegisterRowEntity {
  @PrimaryColumn('uuid') id!: string;
  @Column('uuid') connectionId!: string;
  @Column('uuid') registerId!: string;
  @Column('text') integration!: string;
  @Column('int') line!: number;
  /** Hash of the row without its line. */
  @Column('text') hash!: string;
  /** From 1, for equal rows of a register. */
  @Column('int') occurrence!: number;
  /** The register's revision that had it last. */
  @Column('int') revision!: number;
  @Column('text', { nullable: true }) externalId!: string | null;
  @Column('text', { nullable: true }) trackNumber!: string | null;
  @Column('text', { nullable: true }) reference!: string | null;
  @Column('text') kind!: RegisterRow['kind'];
  @Column('bigint') gross!: string;
  @Column('jsonb') fees!: RegisterRow['fees'];
  @Column('bigint') net!: string;
  @Column('timestamptz', { nullable: true }) at!: Date | null;
  @Column('text', { nullable: true }) text!: string | null;
  /** `MoneyFacts.subject` of its delivery or payment. Null: not found. Empty: the row has no number. */
  @Column('text', { nullable: true }) subject!: string | null;
  @Column('timestamptz') createdAt!: Date;
  @Column('timestamptz', { nullable: true }) replacedAt!: Date | null;
}

/** The money of a delivery or payment in one currency, as compared last. Amounts are in minor units. */
@Entity('settlement')
export class SettlementEntity {
  @PrimaryColumn('uuid') connectionId!: string;
  @PrimaryColumn('text') subject!: string;
  @PrimaryColumn('text') currency!: string;
  @Column('text') integration!: string;
  @Column('text') service!: string;
  @Column('date') day!: string;
  @Column('text', { nullable: true }) orderNumber!: string | null;
  @Column('bigint') owed!: string;
  @Column('bigint') collected!: string;
  @Column('bigint') refunded!: string;
  @Column('bigint') paid!: string;
  @Column('bigint') fees!: string;
  @Column('bigint') missing!: string;
  @Column('bigint') quoted!: string;
  @Column('bigint') billed!: string;
  /** Whether the last comparison found a difference. */
  @Column('boolean') differs!: boolean;
  /** Since when it no longer changes, because its rows are old. Null: it may change. */
  @Column('timestamptz', { nullable: true }) closedAt!: Date | null;
  @Column('jsonb') facts!: MoneyFacts;
}

/** A shop's settings for the registers of a service. */
@Entity('settlement_setting')
export class SettlementSettingEntity {
  @PrimaryColumn('uuid') connectionId!: string;
  @PrimaryColumn('text') service!: string;
  /** How its files are read. Null: not entered yet. */
  @Column('jsonb', { nullable: true }) layout!: RegisterLayout | null;
  /** Days after the end of a delivery or payment, after which its money is missing. */
  @Column('int') payoutDays!: number;
}

/** Rows of a file that is being uploaded. */
@Entity('register_batch')
export class RegisterBatchEntity {
  @PrimaryColumn('uuid') uploadId!: string;
  /** From 0. */
  @PrimaryColumn('int') number!: number;
  @Column('uuid') connectionId!: string;
  @Column('jsonb') rows!: RegisterRow[];
  @Column('timestamptz') createdAt!: Date;
}
