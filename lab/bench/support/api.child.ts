import 'reflect-metadata';
import { createApi } from '../../../apps/api/src/create-api.js';
import { Environment } from '#platform';
import { observeExchanges } from '#provider-kit';
import { chooseCatalogue } from '../../../apps/api/test/support/carrier-catalogue.js';
import { serveParent } from './child.js';

/** The api like in production, in its own process. Reports to its parent when it listens. */
const app = await createApi(chooseCatalogue(process.env.WITH_FAKE_CARRIER === '1'));
await app.listen(app.get(Environment).PORT, '127.0.0.1');
// Like after the first call of an adapter (docs/adr/0015-exchanges-of-adapters-are-observed.md).
if (process.env.ENTER_OBSERVER)
  await observeExchanges(
    () => undefined,
    () => Promise.resolve(),
  );
serveParent();
