import { Column, Entity, PrimaryColumn } from 'typeorm';

/** Forms of the account page. */
export const DRAFT_FORMS = ['settings', 'rules'] as const;
export type DraftForm = (typeof DRAFT_FORMS)[number];

/** Unsaved changes of an account page's user in one form. */
@Entity('account_draft')
export class AccountDraftEntity {
  @PrimaryColumn({ type: 'bigint', generated: 'identity', generatedIdentity: 'ALWAYS' }) id!: string;
  @Column('uuid') connectionId!: string;
  /** Code of the provider that the settings or rules belong to. */
  @Column('text') provider!: string;
  @Column('text') form!: DraftForm;
  /** JSON, sealed for this connection, provider and form. */
  @Column('text') valuesSealed!: string;
  @Column('timestamptz') savedAt!: Date;
}
