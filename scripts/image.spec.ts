import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { root } from './project.mjs';

const read = (file: string): string => readFileSync(join(root, file), 'utf8');
const commands = ['move-in', 're-encrypt', 'operator-token'];

/** A script with all scripts that it imports. */
function findScripts(name: string, found = new Set<string>()): Set<string> {
  if (found.has(name)) return found;
  found.add(name);
  for (const [, imported = ''] of read(`scripts/${name}`).matchAll(/from '\.\/([\w-]+\.mjs)'/g)) findScripts(imported, found);
  return found;
}

describe('the image', () => {
  it('has its commands with all their imports, and no other packages', () => {
    const needed = [...new Set(commands.flatMap((name) => [...findScripts(`${name}.mjs`)]))];
    const copied = [...read('Dockerfile').matchAll(/--from=build|\/app\/scripts\/([\w-]+\.mjs)/g)].flatMap(([, name]) => name ?? []);
    expect(copied.sort()).toEqual(needed.sort());
    const imports = needed.flatMap((name) =>
      [...read(`scripts/${name}`).matchAll(/^import .* from '([^.'][^']*)'/gm)].map(([, from]) => from),
    );
    expect(imports.filter((from) => !from?.startsWith('node:'))).toEqual([]);
  });

  it('runs as a number, which Kubernetes can tell from root, and has labels and the list of its packages', () => {
    expect(read('Dockerfile')).toMatch(/^USER 1000$/m);
    const labels = [...read('Dockerfile').matchAll(/org\.opencontainers\.image\.(\w+)=/g)].map(([, name]) => name);
    expect(labels.sort()).toEqual(['licenses', 'revision', 'source', 'title', 'version']);
    const { stdout } = spawnSync(process.execPath, ['scripts/sbom.mjs'], { cwd: root, encoding: 'utf8' });
    const { bomFormat, serialNumber, metadata, components } = JSON.parse(stdout) as {
      bomFormat: string;
      serialNumber?: string;
      metadata: { timestamp?: string };
      components: { name: string; purl: string }[];
    };
    expect([bomFormat, serialNumber, metadata.timestamp]).toEqual(['CycloneDX', undefined, undefined]);
    expect(components.map(({ name }) => name)).toEqual(expect.arrayContaining(['fastify', 'pg']));
    // Built for another platform, so not installed here.
    expect(read('package-lock.json')).toContain('@esbuild/aix-ppc64');
    expect(components.map(({ name }) => name)).not.toContain('@esbuild/aix-ppc64');
  });

  it('runs them by their names', () => {
    const script = read('scripts/container.sh').replaceAll('/app/', `${root}/`);
    const run = (...args: string[]) => spawnSync('sh', ['-c', script, 'crossdock', ...args], { encoding: 'utf8' });
    expect(run('operator-token', '--name', 'ana', '--may', 'view').stdout).toMatch(/^token {3}\S{43}\nentry {3}ana:view:[0-9a-f]{64}\n$/);
    for (const name of ['move-in', 're-encrypt']) expect(run(name, '--help').stdout).toContain(`npm run ${name}`);
    expect(run('echo', 'other').stdout).toBe('other\n');
  });

  it('gets modules of the partner’s own by a folder in compose', () => {
    expect(read('docker-compose.yml')).toContain("volumes: ['./modules:/etc/crossdock:ro']");
  });

  it('has no compiler, no types and no source maps, which nothing reads', () => {
    const dockerfile = read('Dockerfile');
    expect(dockerfile).toContain('node_modules/typescript');
    expect(dockerfile).toContain('node_modules/swagger-ui-dist');
    for (const folder of ['node_modules', 'dist'])
      expect(dockerfile).toMatch(new RegExp(`find ${folder} .*'\\*\\.map'.*'\\*\\.d\\.ts'.* -delete`));
    for (const file of [
      'Dockerfile',
      'docker-compose.yml',
      'scripts/container.sh',
      'deploy/kubernetes/base/api.yaml',
      'deploy/kubernetes/base/worker.yaml',
    ])
      expect([file, /(?<!without )--enable-source-maps/.test(read(file))]).toEqual([file, false]);
  });
});
