import { builtIn, type Catalogue } from '#catalogue';
import { delivery } from '#delivery';
import { FakeCarrierProvider } from '#testing';

const withCarrier: Catalogue = builtIn.map((hosting) =>
  hosting.integration === delivery ? { ...hosting, adapters: [...hosting.adapters, new FakeCarrierProvider()] } : hosting,
);

/** Returns the built-in providers, with the adapter to the fake outside carrier where it is wanted. */
export function chooseCatalogue(withFakeCarrier: boolean): Catalogue {
  return withFakeCarrier ? withCarrier : builtIn;
}
