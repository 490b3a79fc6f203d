import 'reflect-metadata';
import { readCatalogue } from '#catalogue';
import { Database, readVariables, runProcess } from '#platform';
import { createApi } from './create-api.js';
import { listen } from './http/operator-port.js';

/** To the database, before the first request. Opening one takes a second on a busy machine. */
const FIRST_CONNECTIONS = 8;

await runProcess(async () => {
  const variables = await readVariables();
  const api = await createApi(await readCatalogue(variables), variables);
  await api.get(Database).openConnections(FIRST_CONNECTIONS);
  await listen(api);
});
