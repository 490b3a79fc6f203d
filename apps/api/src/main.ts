import 'reflect-metadata';
import { readCatalogue } from '#catalogue';
import { readVariables, runProcess } from '#platform';
import { createApi } from './create-api.js';
import { listen } from './http/operator-port.js';

await runProcess(async () => {
  const variables = await readVariables();
  await listen(await createApi(await readCatalogue(variables), variables));
});
