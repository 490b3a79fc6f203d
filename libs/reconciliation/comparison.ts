import { Injectable } from '@nestjs/common';
import type { Connection } from '#connections';

/** `money`: with the registers of services. Its kinds begin with `money.`. `state`: all else. */
export type ComparisonScope = 'state' | 'money';

/** A difference that a comparison finds. */
export interface FoundDifference {
  /** One of the comparison's kinds, such as `delivery.cost`. */
  readonly kind: string;
  /** Its subject, unique in the connection: the id of a delivery or payment, an offer in a warehouse. */
  readonly subject: string;
  /** The difference in plain English, for the operator. */
  readonly text: string;
  /** The facts of each side, as JSON. Equal facts mean the same difference. */
  readonly facts: object;
}

/** A difference to be fixed. */
export interface StoredDifference extends FoundDifference {
  /** A UUID, the same in every attempt to fix it. */
  readonly id: string;
}

/** The result of one page. */
export interface ComparedPage {
  /** Number of things compared. */
  readonly checked: number;
  /** Number of things that differ. */
  readonly differed: number;
  /** Number of things that the other side does not have. They are only counted. */
  readonly unknown?: number;
  readonly differences: readonly FoundDifference[];
  /** Subjects that changed during the comparison, so that their result is unknown. */
  readonly undecided?: readonly string[];
  /** Things that could not be compared and why, in plain English. */
  readonly omitted?: string;
  /** Start of the next page. Missing after the last page. */
  readonly next?: string;
}

/**
 * An integration's comparison, and how differences are fixed. Only `mend` has effects.
 * @throws ProviderError, CrmError if a side cannot be called. Nothing is reported then, and the call is
 * repeated later.
 */
export interface Comparison {
  /** The same as `HostedModule.integration`. */
  readonly integration: string;
  /** Default: `state`. */
  readonly scope?: ComparisonScope;
  /** The effect of a fix by kind, in a few words of English. Null for kinds that are only listed. */
  readonly kinds: Readonly<Record<string, string | null>>;
  /** Compares a page in less than a minute. `place` is missing for the first page. */
  comparePage(connection: Connection, place: string | undefined): Promise<ComparedPage>;
  /** Compares one subject again, at least the sides that differences of a kind need. */
  compareOne(connection: Connection, subject: string, kind: string): Promise<readonly FoundDifference[]>;
  /** Fixes a difference that was just found. Safe to repeat. */
  mend(connection: Connection, difference: StoredDifference): Promise<void>;
}

/** The comparisons of all integrations. `IntegrationModule` registers them at start. */
@Injectable()
export class Comparisons {
  private readonly comparisons: Comparison[] = [];

  add(comparison: Comparison): void {
    this.comparisons.push(comparison);
  }

  /** Returns the comparison of an integration, if it has one. */
  find(integration: string, scope: ComparisonScope): Comparison | undefined {
    return this.comparisons.find((one) => one.integration === integration && (one.scope ?? 'state') === scope);
  }

  /** Returns the comparison with this kind, if it is known. */
  findByKind(kind: string): Comparison | undefined {
    return this.comparisons.find(({ kinds }) => Object.hasOwn(kinds, kind));
  }

  /** Lists all kinds of differences. */
  listKinds(): string[] {
    return [...new Set(this.comparisons.flatMap(({ kinds }) => Object.keys(kinds)))];
  }
}
