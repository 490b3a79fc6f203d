import { Column, Entity, PrimaryColumn } from 'typeorm';

/** A visitor's record in the CRM: a chat, a chat's customer, a customer or an order. */
export type LinkKind = 'chat' | 'user' | 'customer' | 'order';

/** A browser that visited the shop's site. */
@Entity('webvisits_visitor')
export class WebvisitsVisitorEntity {
  @PrimaryColumn('uuid') id!: string;
  @Column('uuid') connectionId!: string;
  /** SHA-256 of the secret that the browser stores. */
  @Column('text') keyHash!: string;
  @Column('int') visits!: number;
  /** The latest visit. */
  @Column('uuid') visitId!: string;
  @Column('timestamptz') firstSeen!: Date;
  @Column('timestamptz') lastSeen!: Date;
  @Column('text', { nullable: true }) lang!: string | null;
  @Column('text', { nullable: true }) browser!: string | null;
  @Column('text', { nullable: true }) os!: string | null;
  @Column('text', { nullable: true }) country!: string | null;
  @Column('text', { nullable: true }) city!: string | null;
  @Column('text', { nullable: true }) utmSource!: string | null;
  @Column('text', { nullable: true }) utmMedium!: string | null;
  @Column('text', { nullable: true }) utmCampaign!: string | null;
  /** Whether the CRM was sent the visitor's client id, so that it can attach visits to a customer. */
  @Column('boolean') identified!: boolean;
  /** When the visitor's unreported visits will have ended. */
  @Column('timestamptz', { nullable: true }) reportDueAt!: Date | null;
}

/** Links a visitor to a chat, customer or order in the CRM. */
@Entity('webvisits_link')
export class WebvisitsLinkEntity {
  @PrimaryColumn('uuid') connectionId!: string;
  @PrimaryColumn('text') kind!: LinkKind;
  @PrimaryColumn('text') externalId!: string;
  @PrimaryColumn('uuid') visitorId!: string;
  @Column('timestamptz') linkedAt!: Date;
}

/** A visit: page views without a long silence between them. */
@Entity('webvisits_visit')
export class WebvisitsVisitEntity {
  @PrimaryColumn('uuid') id!: string;
  @Column('uuid') connectionId!: string;
  @Column('uuid') visitorId!: string;
  /** Source of the visitor. */
  @Column('text') source!: string;
  @Column('timestamptz') startedAt!: Date;
  @Column('timestamptz') lastAt!: Date;
  /** Whether the browser reported that its visitor left. */
  @Column('boolean') ended!: boolean;
  /** Total number of page views, stored or not. */
  @Column('int') pages!: number;
  /** Whether it was sent to the CRM's web analytics. */
  @Column('boolean') reported!: boolean;
}

/** A page view of a visit. */
@Entity('webvisits_page')
export class WebvisitsPageEntity {
  @PrimaryColumn('uuid') visitId!: string;
  /** Index in the visit, from 1. */
  @PrimaryColumn('int') number!: number;
  @Column('timestamptz') at!: Date;
  @Column('text') url!: string;
  @Column('text', { nullable: true }) title!: string | null;
}
