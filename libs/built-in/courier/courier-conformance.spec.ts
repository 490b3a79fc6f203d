import type { DataSource } from 'typeorm';
import { toMoney } from '#provider-kit';
import { calculateRequest, providerContext, sampleOrder, saveRequest, shipmentRequest } from '#testing';
import { runDeliveryConformance } from '../../testing/conformance/index.js';
import { CourierProvider } from './courier.provider.js';
import { TrackNumberSequence } from './track-number.sequence.js';

runDeliveryConformance('the courier service', {
  methods: ['cancel', 'print', 'listPickupPoints', 'listTariffs', 'autocomplete', 'saveShipment', 'cancelShipment'],
  start() {
    let blocks = 0;
    // The database is only used for the next block of track numbers.
    const database = { query: () => Promise.resolve([{ first: String(1 + 1000 * blocks++) }]) } as unknown as DataSource;
    const provider = new CourierProvider(new TrackNumberSequence(database));
    const order = sampleOrder('moscowCourier');
    return Promise.resolve({
      provider,
      context: providerContext(provider.manifest.createDefaultSettings()),
      quote: calculateRequest(order),
      unserved: calculateRequest(sampleOrder('notServed')),
      save: (reference, id) => saveRequest(reference, 'courier', sampleOrder('moscowCourier', { order: id })),
      edit: (request) => ({ ...request, recipient: { ...request.recipient, phone: '+79990000000' } }),
      shipment: shipmentRequest,
      // Moscow's price with one weight step, because 6 dm³ count as 1.2 kg. Insurance of the goods is free.
      untidy: {},
      expected: { quote: { cost: toMoney(390_00 + 25_00, 'RUB') }, save: { cost: toMoney(390_00 + 25_00, 'RUB') } },
    });
  },
});
