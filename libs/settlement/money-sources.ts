import { Injectable } from '@nestjs/common';
import { Clock } from '#platform';
import { Comparisons } from '#reconciliation';
import { MoneyComparison } from './money.comparison.js';
import type { MoneySource } from './money-source.js';
import { RegisterStore } from './register-store.js';

/** The money sources of all integrations. `IntegrationModule` registers them at start. */
@Injectable()
export class MoneySources {
  private readonly sources = new Map<string, MoneySource>();

  constructor(
    private readonly comparisons: Comparisons,
    private readonly store: RegisterStore,
    private readonly clock: Clock,
  ) {}

  add(source: MoneySource): void {
    this.sources.set(source.integration, source);
    this.comparisons.add(new MoneyComparison(source, this.store, this.clock));
  }

  /** Lists the sources of all integrations. */
  list(): MoneySource[] {
    return [...this.sources.values()];
  }

  /** Returns the source of an integration, if it has one. */
  find(integration: string): MoneySource | undefined {
    return this.sources.get(integration);
  }
}
