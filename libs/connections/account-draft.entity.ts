import { Column, Entity, PrimaryColumn } from 'typeorm';

/** Forms of the account page. */
export const DRAFT_FORMS = ['settings', 'rules'] as const;
export type DraftForm = (typeof DRAFT_FORMS)[number];

/** What a user of the account page has typed into a form and not saved; one for each form. */
@Entity('account_draft')
export class AccountDraftEntity {
  @PrimaryColumn({ type: 'bigint', generated: 'identity', generatedIdentity: 'ALWAYS' }) id!: string;
  @Column('uuid', { name: 'connection_id' }) connectionId!: string;
  /** Code of the provider whose settings, or whose rules, they are. */
  @Column('text') provider!: string;
  @Column('text') form!: DraftForm;
  /** JSON, sealed for connection, provider and form. */
  @Column('text', { name: 'values_sealed' }) valuesSealed!: string;
  @Column('timestamptz', { name: 'saved_at' }) savedAt!: Date;
}
