import { Injectable, Module } from '@nestjs/common';
import type { Connection } from '#connections';

/** An integration that places calls for managers. Given in its definition (`callPlacer`). */
export interface CallPlacer {
  /** The same as `HostedModule.integration`. */
  readonly integration: string;
  /** Whether the connection can place calls for this user of the CRM now. */
  canPlace(connection: Connection, userId: number): boolean;
  /** Calls the user's phone and then the customer's. Throws ProviderError, CallbackError, BadInputError. */
  place(connection: Connection, userId: number, phone: string): Promise<void>;
}

/** The call placers of all integrations, for integrations that must not import them. */
@Injectable()
export class CallPlacers {
  private readonly placers = new Map<string, CallPlacer>();

  add(placer: CallPlacer): void {
    this.placers.set(placer.integration, placer);
  }

  of(integration: string): CallPlacer | undefined {
    return this.placers.get(integration);
  }
}

/** One registry for the whole process. */
@Module({ providers: [CallPlacers], exports: [CallPlacers] })
export class CallPlacersModule {}
