import 'reflect-metadata';
import { loadCatalogue } from '#catalogue';
import { Environment, readVariables, runProcess } from '#platform';
import { createApi } from './create-api.js';

await runProcess(async () => {
  const variables = await readVariables();
  const app = await createApi(await loadCatalogue(variables), variables);
  const { PORT, HOST } = app.get(Environment);
  await app.listen(PORT, HOST);
});
