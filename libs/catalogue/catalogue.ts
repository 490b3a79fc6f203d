import type { Type } from '@nestjs/common';
import type { DeliveryProvider } from '#delivery/port';
import { CourierModule, CourierProvider, CourierTrackNumbers1764000100000 } from '#services/courier';
import type { Schema } from '#platform';

/** A provider of our own: a Nest module that exports its class, with its tables. */
export interface ServiceEntry {
  module: Type;
  provider: Type<DeliveryProvider>;
  schema: Schema;
}

/** What this deployment can host: the one explicit list, read by api and worker. */
export interface Catalogue {
  delivery: {
    /** Adapters to outside services. */
    adapters: readonly DeliveryProvider[];
    services: readonly ServiceEntry[];
  };
}

/** The providers that come with Crossdock. A new one is a line here. */
export const catalogue: Catalogue = {
  delivery: {
    adapters: [],
    services: [
      { module: CourierModule, provider: CourierProvider, schema: { entities: [], migrations: [CourierTrackNumbers1764000100000] } },
    ],
  },
};
