import 'reflect-metadata';
import { readEnvironment, runProcess } from '#platform';
import { createApi } from './create-api.js';

await runProcess(async () => {
  const environment = readEnvironment();
  const app = await createApi(environment);
  await app.listen(environment.PORT, environment.HOST);
});
