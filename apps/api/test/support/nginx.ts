import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { freePort } from './server-process.js';
import { until } from './until.js';

const shipped = fileURLToPath(new URL('../../../../deploy/nginx/', import.meta.url));

/** Whether nginx is installed. Prints a line when specs are left out. */
export const hasNginx = spawnSync('nginx', ['-v']).status === 0;
if (!hasNginx) process.stderr.write('nginx is not installed: specs of the proxy are left out.\n');

/** An nginx with a configuration of `deploy/nginx`, in its own folder. */
export class Nginx {
  private constructor(
    readonly url: string,
    private readonly child: ChildProcess,
    private readonly folder: string,
  ) {}

  /**
   * Starts one.
   * @param config such as `proxy.conf`
   * @param instead texts of the configuration, such as `http://api:3000`, and their replacements
   */
  static async start(config: string, instead: Readonly<Record<string, string>>): Promise<Nginx> {
    const folder = mkdtempSync(join(tmpdir(), 'nginx-'));
    const port = await freePort();
    // Started by root, nginx works as another user.
    chmodSync(folder, 0o755);
    mkdirSync(join(folder, 'bodies'));
    const copy = (name: string): void => {
      let text = readFileSync(join(shipped, name), 'utf8').replace('listen 8080;', `listen 127.0.0.1:${port};`);
      for (const [from, to] of Object.entries(instead)) text = text.replaceAll(from, to);
      writeFileSync(join(folder, name), text);
    };
    ['pass.conf', config].forEach(copy);
    // As in nginx's image. The test's own address stands for a proxy in front, which names clients.
    writeFileSync(
      join(folder, 'nginx.conf'),
      `worker_processes 1; daemon off; pid nginx.pid; error_log error.log;
events { worker_connections 1024; }
http {
  access_log off;
  client_body_temp_path bodies; proxy_temp_path replies; fastcgi_temp_path a; uwsgi_temp_path b; scgi_temp_path c;
  set_real_ip_from 127.0.0.1;
  include ${config};
}
`,
    );
    const child = spawn('nginx', ['-p', folder, '-c', 'nginx.conf', '-e', 'error.log'], { stdio: ['ignore', 'ignore', 'inherit'] });
    const nginx = new Nginx(`http://127.0.0.1:${port}`, child, folder);
    await until('nginx answers', () => fetch(nginx.url).then(() => true));
    return nginx;
  }

  async stop(): Promise<void> {
    const ended = once(this.child, 'exit');
    this.child.kill('SIGTERM');
    await ended;
    rmSync(this.folder, { recursive: true });
  }
}
