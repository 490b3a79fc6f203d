import { builtIn, type Catalogue } from '#catalogue';
import { delivery } from '#delivery';
import { store } from '#store';
import { FakeCarrierProvider, FakeWarehouseProvider } from '#testing';
import { HookedCarrier } from './hooked-carrier.js';
import { SearchingCarrier } from './searching-carrier.js';

const withCarrier: Catalogue = builtIn.map((hosting) => {
  if (hosting.integration === delivery)
    return { ...hosting, adapters: [...hosting.adapters, new FakeCarrierProvider(), new HookedCarrier(), new SearchingCarrier()] };
  if (hosting.integration === store) return { ...hosting, adapters: [...hosting.adapters, new FakeWarehouseProvider()] };
  return hosting;
});

/** Returns the built-in providers, with adapters to fake carriers and a fake warehouse where wanted. */
export function chooseCatalogue(withFakeCarrier: boolean): Catalogue {
  return withFakeCarrier ? withCarrier : builtIn;
}
