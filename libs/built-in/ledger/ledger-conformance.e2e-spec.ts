import { Database, sha256Hex } from '#platform';
import type { ProviderContext } from '#provider-kit';
import { StockChanges } from '#inventory/services';
import { createSpecDatabase, providerContext } from '#testing';
import { runStoreConformance } from '../../testing/conformance/index.js';
import { LedgerImports } from './import/ledger-imports.js';
import { ledgerSchema } from './ledger.module.js';
import { LedgerMoves } from './ledger-moves.js';
import { LedgerProvider } from './ledger.provider.js';
import { LedgerReservations } from './ledger-reservations.js';
import { LedgerSettings } from './ledger.settings.js';
import { LedgerStocks } from './ledger-stocks.js';

/** Drops reported changes. */
class UnheardChanges extends StockChanges {
  override add(): Promise<void> {
    return Promise.resolve();
  }
}

runStoreConformance<LedgerSettings>('The ledger', {
  methods: ['reserve', 'writeOff', 'takeBack'],
  start: async () => {
    const { source, remove } = await createSpecDatabase([ledgerSchema]);
    const changes = new UnheardChanges();
    const database = new Database(source);
    const reservations = new LedgerReservations(changes);
    const provider = new LedgerProvider(new LedgerStocks(source), reservations, new LedgerMoves(reservations, changes));
    const imports = new LedgerImports(database, changes);
    const settings = new LedgerSettings();
    const connectionId = '01900000-0000-7000-8000-000000000001';
    const context = providerContext<LedgerSettings>(settings, { connectionId });
    let files = 0;
    return {
      provider,
      context,
      within: <T>(work: (given: ProviderContext<LedgerSettings>) => Promise<T>): Promise<T> =>
        database.transaction((transaction) => work({ ...context, transaction })),
      store: 'main',
      setStock: async (xmlId, units) => {
        const file = (async function* () {
          yield await Promise.resolve({ line: 1, value: { xmlId, store: 'main', quantity: units } });
        })();
        const how = { mode: 'set' as const, counts: 'onHand' as const, currency: 'RUB', dryRun: false };
        await imports.run({ connectionId, settings }, how, file, () => sha256Hex(String(++files)));
      },
      readHeld: async (order, xmlId) => {
        const [row] = await database.query<{ held: string }>(
          `SELECT coalesce(sum(r.quantity), 0) / 1000000 AS held FROM ledger_reservation r JOIN ledger_offer o ON o.id = r.offer_id
           WHERE r.connection_id = $1 AND r.order_ref = $2 AND o.xml_id = $3`,
          [connectionId, order, xmlId],
        );
        return Number(row?.held ?? 0);
      },
      close: remove,
    };
  },
});
