import { Injectable } from '@nestjs/common';
import { type Connection, type CrmErrand, findView } from '#connections';
import type { CrmClient } from '#crm-client';
import { listSubjectsOf } from '#journal';

/** A row as a packer sees it. */
export interface OutboxEntry<Payload> {
  readonly id: string;
  readonly subject: string;
  /** Number of the request that it comes from, if any. */
  readonly request?: string | null | undefined;
  readonly payload: Payload;
}

/** A row that waits in its lane. */
export interface WaitingEntry<Payload> extends OutboxEntry<Payload> {
  readonly createdAt: Date;
}

/** How the rows of one kind become calls to the CRM's API. */
export interface OutboxPacker<Payload> {
  readonly kind: string;
  /** Most subjects in one call (the reference's limit of the method). */
  readonly maxSubjects: number;
  /** Milliseconds to wait for company before sending, so that what happens together travels together. */
  readonly lingerMs: number;
  /** `send` reports the present state, not the row's, so a row set aside may be replayed after newer ones. */
  readonly sendsPresent?: boolean;
  /** Its rows are sent for a connection that was disconnected as well: they tell the CRM of it. */
  readonly servesDisconnected?: boolean;
  /** How many leading rows make the next call, at least one; all by default. */
  take?(entries: OutboxEntry<Payload>[]): number;
  /** Ids of rows that are too late to be useful; they are dropped. None by default. */
  overdue?(connection: Connection, entries: WaitingEntry<Payload>[]): Promise<ReadonlySet<string>>;
  /** Sends the rows in order in one call; repeating it must be harmless. Throws CrmError. */
  send(crm: CrmClient, connection: Connection, entries: OutboxEntry<Payload>[], signal: AbortSignal): Promise<void>;
}

/** The packers of all kinds; IntegrationModule and OnboardingModule add them at start. */
@Injectable()
export class OutboxPackers {
  private readonly packers = new Map<string, OutboxPacker<never>>();
  /** By kind; of kinds that any module has there is none. */
  private readonly integrations = new Map<string, string>();

  /** `integration`: whose provider's connection the packer gets. */
  add<Payload>(packer: OutboxPacker<Payload>, integration?: string): void {
    if (this.packers.has(packer.kind)) throw new Error(`outbox kind ${packer.kind} has two packers`);
    this.packers.set(packer.kind, packer as OutboxPacker<never>);
    if (integration !== undefined) this.integrations.set(packer.kind, integration);
  }

  /** Returns the connection as the packer of a kind gets it. */
  findView(kind: string, connection: Connection): Connection {
    const integration = this.integrations.get(kind);
    // What is to be told of a provider that the module no longer has is told all the same.
    return (integration !== undefined && findView(connection, integration)) || connection;
  }

  /** Kinds whose packers send what holds at that moment. */
  presentKinds(): string[] {
    return [...this.packers.values()].filter((packer) => packer.sendsPresent).map((packer) => packer.kind);
  }

  /** Kinds whose rows are sent for disconnected connections as well. */
  disconnectedKinds(): string[] {
    return [...this.packers.values()].filter((packer) => packer.servesDisconnected).map((packer) => packer.kind);
  }

  get(kind: string): OutboxPacker<unknown> {
    const packer = this.packers.get(kind);
    if (!packer) throw new Error(`outbox kind ${kind} has no packer`);
    return packer as OutboxPacker<unknown>;
  }
}

/** Says what a call with these rows is for. Rows of several requests have their subjects only. */
export function toErrand(kind: string, entries: readonly OutboxEntry<unknown>[]): CrmErrand {
  const [first] = entries;
  const isOne = entries.every(({ request }) => request === first?.request);
  return {
    request: isOne ? (first?.request ?? undefined) : undefined,
    subjects: [...new Set(entries.flatMap(({ subject }) => listSubjectsOf(kind, subject)))],
    isNews: true,
  };
}
