import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { root } from './project.mjs';

const folder = join(root, 'deploy/kubernetes');
const read = (file: string): string => readFileSync(join(folder, file), 'utf8');
const workloads = ['api.yaml', 'worker.yaml', 'migrate.yaml'];

describe('the Kubernetes manifests', () => {
  it('are all in the kustomization, but for the example of the secret', () => {
    const listed = [...(/resources:\n((?: {2}- .*\n)+)/.exec(read('kustomization.yaml'))?.[1] ?? '').matchAll(/- (\S+)/g)].map(
      ([, file]) => file,
    );
    const others = readdirSync(folder).filter((file) => !['kustomization.yaml', 'secret.example.yaml'].includes(file));
    expect(listed.sort()).toEqual(others.sort());
  });

  it.each(workloads)('let the pods of %s do nothing that they need not', (file) => {
    for (const line of [
      'runAsNonRoot: true',
      'seccompProfile: { type: RuntimeDefault }',
      'automountServiceAccountToken: false',
      'allowPrivilegeEscalation: false',
      'readOnlyRootFilesystem: true',
      'capabilities: { drop: [ALL] }',
    ])
      expect(read(file)).toContain(line);
    expect(read(file)).toMatch(/limits: \{ memory: \d+Mi \}/);
  });

  it('ask the health of both, and end them later than they end by themselves', () => {
    for (const file of ['api.yaml', 'worker.yaml']) {
      for (const probe of ['startupProbe', 'livenessProbe', 'readinessProbe']) expect(read(file)).toContain(`${probe}:`);
      expect(read(file)).toMatch(/livenessProbe:\n +httpGet: \{ path: \/health\/live,/);
      expect(Number(/terminationGracePeriodSeconds: (\d+)/.exec(read(file))?.[1])).toBeGreaterThan(20);
    }
  });

  it('name only settings that there are', () => {
    const settings = new Set([...readFileSync(join(root, '.env.example'), 'utf8').matchAll(/^#([A-Z0-9_]+)=/gm)].map(([, name]) => name));
    const named = ['config.yaml', 'secret.example.yaml'].flatMap((file) =>
      [...read(file).matchAll(/^ {2}([A-Z0-9_]+):/gm)].map(([, name]) => name),
    );
    expect(named.length).toBeGreaterThan(5);
    expect(named.filter((name) => !settings.has(name))).toEqual([]);
  });

  it('close to the world what the proxy of the compose file closes', () => {
    const closed = (text: string): string | undefined => /location ~ (\S+) \{ return 404; \}/.exec(text)?.[1];
    expect(closed(read('api.yaml'))).toBe(closed(readFileSync(join(root, 'deploy/nginx/proxy.conf'), 'utf8')));
  });
});
