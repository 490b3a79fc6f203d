import { builtIn, type Catalogue } from '#catalogue';
import { chat } from '#chat';
import { delivery } from '#delivery';
import { payment } from '#payment';
import { inventory } from '#inventory';
import { telephony } from '#telephony';
import { FakeCarrierProvider, FakeGatewayProvider, FakeMessengerProvider, FakePbxProvider, FakeWarehouseProvider } from '#testing';
import { HookedCarrier } from './hooked-carrier.js';
import { SearchingCarrier } from './searching-carrier.js';

const messenger = new FakeMessengerProvider();
/** Its references are idempotency keys. At `messenger` nothing is repeated. */
const keyedMessenger = Object.assign(new FakeMessengerProvider(), {
  manifest: { ...messenger.manifest, code: 'keyed-messenger', recovery: { kind: 'idempotency-key' } as const },
});
const gateway = new FakeGatewayProvider();
/** A gateway without idempotency keys: after a lost reply its payments are looked up. */
const searchedGateway = Object.assign(new FakeGatewayProvider(), {
  manifest: { ...gateway.manifest, code: 'searched-gateway', recovery: { kind: 'find', settleSeconds: 1 } as const },
});

const withFakes: Catalogue = builtIn.map((hosting) => {
  if (hosting.integration === delivery)
    return { ...hosting, adapters: [...hosting.adapters, new FakeCarrierProvider(), new HookedCarrier(), new SearchingCarrier()] };
  if (hosting.integration === payment) return { ...hosting, adapters: [...hosting.adapters, gateway, searchedGateway] };
  if (hosting.integration === inventory) return { ...hosting, adapters: [...hosting.adapters, new FakeWarehouseProvider()] };
  if (hosting.integration === telephony) return { ...hosting, adapters: [...hosting.adapters, new FakePbxProvider()] };
  if (hosting.integration === chat) return { ...hosting, adapters: [...hosting.adapters, messenger, keyedMessenger] };
  return hosting;
});

/** Returns the built-in providers, with adapters to fake outside services where they are wanted. */
export function chooseCatalogue(withFakeCarrier: boolean): Catalogue {
  return withFakeCarrier ? withFakes : builtIn;
}
