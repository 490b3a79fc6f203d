import { Injectable } from '@nestjs/common';
import type { Connection } from '#connections';

/** Something that differs, as a comparison finds it. */
export interface FoundDifference {
  /** One of the comparison's kinds, such as `delivery.cost`. */
  readonly kind: string;
  /** What it is about, unique in the connection: the id of a delivery or payment, an offer in a warehouse. */
  readonly subject: string;
  /** What differs, in plain English, for the operator. */
  readonly text: string;
  /** What each side says, as JSON. The same facts are the same difference. */
  readonly facts: object;
}

/** A difference that is to be mended. */
export interface StoredDifference extends FoundDifference {
  /** A UUID: the same in every try to mend it. */
  readonly id: string;
}

/** What one page came to. */
export interface ComparedPage {
  /** Things compared. */
  readonly checked: number;
  /** Those of them that differ. */
  readonly differed: number;
  /** Things that the other side does not know, which are counted only. */
  readonly unknown?: number;
  readonly differences: readonly FoundDifference[];
  /** Subjects that changed while they were compared, so that nothing is said about them. */
  readonly undecided?: readonly string[];
  /** What could not be compared and why, in plain English. */
  readonly omitted?: string;
  /** Where the next page begins; missing: it was the last. */
  readonly next?: string;
}

/**
 * What an integration compares, and how what differs is mended. Reads only, but for `mend`.
 * @throws ProviderError, CrmError where a side cannot be asked: then nothing is reported, and it is tried
 * again
 */
export interface Comparison {
  /** As `HostedModule.integration`. */
  readonly integration: string;
  /** What mending does, by kind, in a few words of English; null for kinds that are only listed. */
  readonly kinds: Readonly<Record<string, string | null>>;
  /** Compares a page, which takes less than a minute; `place` is missing for the first one. */
  comparePage(connection: Connection, place: string | undefined): Promise<ComparedPage>;
  /** Compares one subject anew. */
  compareOne(connection: Connection, subject: string): Promise<readonly FoundDifference[]>;
  /** Mends a difference that was just found. Safe to repeat. */
  mend(connection: Connection, difference: StoredDifference): Promise<void>;
}

/** The comparisons of all integrations; IntegrationModule adds them at start. */
@Injectable()
export class Comparisons {
  private readonly comparisons = new Map<string, Comparison>();

  add(comparison: Comparison): void {
    this.comparisons.set(comparison.integration, comparison);
  }

  /** The comparison of an integration, if it has one. */
  find(integration: string): Comparison | undefined {
    return this.comparisons.get(integration);
  }

  /** The comparison that has a kind, if it is known. */
  findByKind(kind: string): Comparison | undefined {
    return [...this.comparisons.values()].find(({ kinds }) => Object.hasOwn(kinds, kind));
  }

  /** All kinds of differences. */
  listKinds(): string[] {
    return [...this.comparisons.values()].flatMap(({ kinds }) => Object.keys(kinds));
  }
}
