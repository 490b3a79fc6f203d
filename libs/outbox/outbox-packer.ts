import { Injectable } from '@nestjs/common';
import { type Connection, type CrmErrand, findView } from '#connections';
import type { CrmClient } from '#crm-client';
import { listSubjectsOf } from '#journal';

/** A row passed to a packer. */
export interface OutboxEntry<Payload> {
  readonly id: string;
  readonly subject: string;
  /** Id of the request that it comes from, if any. */
  readonly request?: string | null | undefined;
  readonly payload: Payload;
}

/** A row that waits in its lane. */
export interface WaitingEntry<Payload> extends OutboxEntry<Payload> {
  readonly createdAt: Date;
}

/** Packs the rows of one kind into calls to the CRM's API. */
export interface OutboxPacker<Payload> {
  readonly kind: string;
  /** Maximum number of subjects per call (the reference's limit of the method). */
  readonly maxSubjects: number;
  /** Milliseconds to wait for more rows before sending, so that simultaneous changes share a call. */
  readonly lingerMs: number;
  /** A lane that was not woken for `lingerMs` does not wait for company. */
  readonly isPrompt?: boolean;
  /**
   * Whether `send` reports the present state, not the row's, so that a failed row may be replayed after newer
   * ones.
   */
  readonly sendsPresent?: boolean;
  /**
   * Whether its rows are also sent for a disconnected connection, because they report the disconnection to
   * the CRM.
   */
  readonly servesDisconnected?: boolean;
  /** Returns the number of leading rows in the next call, at least one. Default: all. */
  take?(entries: OutboxEntry<Payload>[]): number;
  /** Returns ids of rows that are too late to be useful. They are dropped. Default: none. */
  overdue?(connection: Connection, entries: WaitingEntry<Payload>[]): Promise<ReadonlySet<string>>;
  /** Sends the rows in order in one call. Must be safe to repeat. Throws CrmError. */
  send(crm: CrmClient, connection: Connection, entries: OutboxEntry<Payload>[], signal: AbortSignal): Promise<void>;
}

/** The packers of all kinds. IntegrationModule and OnboardingModule add them at start. */
@Injectable()
export class OutboxPackers {
  private readonly packers = new Map<string, OutboxPacker<never>>();
  /** The integration that owns each kind. Kinds every module has are absent. */
  private readonly integrations = new Map<string, string>();

  /** `integration`: the packer gets the connection through the provider of this integration. */
  add<Payload>(packer: OutboxPacker<Payload>, integration?: string): void {
    if (this.packers.has(packer.kind)) throw new Error(`outbox kind ${packer.kind} has two packers`);
    this.packers.set(packer.kind, packer as OutboxPacker<never>);
    if (integration !== undefined) this.integrations.set(packer.kind, integration);
  }

  /** Returns the connection that the packer of a kind gets. */
  findView(kind: string, connection: Connection): Connection {
    const integration = this.integrations.get(kind);
    // Rows about a provider that the module no longer has are sent anyway.
    return (integration !== undefined && findView(connection, integration)) || connection;
  }

  /** Returns kinds whose packers send the present state. */
  presentKinds(): string[] {
    return [...this.packers.values()].filter((packer) => packer.sendsPresent).map((packer) => packer.kind);
  }

  /** Returns kinds whose rows are also sent for disconnected connections. */
  disconnectedKinds(): string[] {
    return [...this.packers.values()].filter((packer) => packer.servesDisconnected).map((packer) => packer.kind);
  }

  get(kind: string): OutboxPacker<unknown> {
    const packer = this.packers.get(kind);
    if (!packer) throw new Error(`outbox kind ${kind} has no packer`);
    return packer as OutboxPacker<unknown>;
  }
}

/** Describes the purpose of a call with these rows. Rows of several requests have only their subjects. */
export function toErrand(kind: string, entries: readonly OutboxEntry<unknown>[]): CrmErrand {
  const [first] = entries;
  const isOne = entries.every(({ request }) => request === first?.request);
  return {
    request: isOne ? (first?.request ?? undefined) : undefined,
    subjects: [...new Set(entries.flatMap(({ subject }) => listSubjectsOf(kind, subject)))],
    isUpdate: true,
  };
}
