import { builtIn, type Catalogue } from '#catalogue';
import { chat } from '#chat';
import { delivery } from '#delivery';
import { payment } from '#payment';
import { store } from '#store';
import { telephony } from '#telephony';
import { FakeCarrierProvider, FakeGatewayProvider, FakeMessengerProvider, FakePbxProvider, FakeWarehouseProvider } from '#testing';
import { HookedCarrier } from './hooked-carrier.js';
import { SearchingCarrier } from './searching-carrier.js';

/** At one nothing is repeated; at the other a reference is an idempotency key. */
const messengers = [new FakeMessengerProvider(), new FakeMessengerProvider('keyed-messenger', { kind: 'idempotency-key' })];

const withFakes: Catalogue = builtIn.map((hosting) => {
  if (hosting.integration === delivery)
    return { ...hosting, adapters: [...hosting.adapters, new FakeCarrierProvider(), new HookedCarrier(), new SearchingCarrier()] };
  if (hosting.integration === payment) return { ...hosting, adapters: [...hosting.adapters, new FakeGatewayProvider()] };
  if (hosting.integration === store) return { ...hosting, adapters: [...hosting.adapters, new FakeWarehouseProvider()] };
  if (hosting.integration === telephony) return { ...hosting, adapters: [...hosting.adapters, new FakePbxProvider()] };
  if (hosting.integration === chat) return { ...hosting, adapters: [...hosting.adapters, ...messengers] };
  return hosting;
});

/** Returns the built-in providers, with adapters to fake outside services where they are wanted. */
export function chooseCatalogue(withFakeCarrier: boolean): Catalogue {
  return withFakeCarrier ? withFakes : builtIn;
}
