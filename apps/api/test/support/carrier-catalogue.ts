import { builtIn, type Catalogue } from '#catalogue';
import { delivery } from '#delivery';
import { FakeCarrierProvider } from '#testing';
import { HookedCarrier } from './hooked-carrier.js';

const withCarrier: Catalogue = builtIn.map((hosting) =>
  hosting.integration === delivery
    ? { ...hosting, adapters: [...hosting.adapters, new FakeCarrierProvider(), new HookedCarrier()] }
    : hosting,
);

/** Returns the built-in providers, with adapters to fake outside carriers where they are wanted. */
export function chooseCatalogue(withFakeCarrier: boolean): Catalogue {
  return withFakeCarrier ? withCarrier : builtIn;
}
