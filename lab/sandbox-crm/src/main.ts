import { fileURLToPath } from 'node:url';
import { loadEnvironment } from './environment.js';
import { Sandbox } from './sandbox.js';
import { SandboxServer } from './server.js';

/** Starts the sandbox CRM. Stops it on SIGTERM, SIGINT or when the parent process ends. */
async function main(): Promise<void> {
  const environment = await loadEnvironment();
  const sandbox = new Sandbox({
    dataDir: environment.dataDir,
    moduleSecret: environment.moduleSecret,
    apiKey: environment.apiKey,
    modulesUrl: environment.modulesUrl,
    pages: fileURLToPath(new URL('../../../web/', import.meta.url)),
    ...(environment.chatGateway !== undefined && { chatGateway: environment.chatGateway }),
  });
  const server = new SandboxServer(sandbox);
  const url = await server.listen({
    port: environment.port,
    host: environment.host,
    url: environment.url,
    hosts: environment.hosts,
  });
  console.log(`Sandbox CRM at ${url} (control API at ${url}/sandbox)`);

  let stopping = false;
  const stop = (): void => {
    if (stopping) return;
    stopping = true;
    server.close().then(
      () => process.exit(0),
      (error: unknown) => {
        console.error(error);
        process.exit(1);
      },
    );
  };
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);
  process.on('disconnect', stop);
  // The parent may have died while the code was loaded, before this listener existed.
  if (process.connected === false) stop();
  else process.send?.({ ready: url });
}

main().catch((error: unknown) => {
  console.error(`The sandbox CRM cannot start: ${error instanceof Error ? error.message : String(error)}`);
  process.exit(1);
});
