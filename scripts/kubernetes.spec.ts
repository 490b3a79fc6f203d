import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { root } from './project.mjs';

const folder = join(root, 'deploy/kubernetes');
const read = (file: string): string => readFileSync(join(folder, file), 'utf8');
const workloads = ['api.yaml', 'worker.yaml', 'migrate.yaml'];

describe('the Kubernetes manifests', () => {
  it('are all in the kustomization, except for the example of the secret', () => {
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
    expect(read(file)).toMatch(/requests: \{ cpu: \d+m, memory: \d+Mi \}\n(?: +#.*\n)*? +limits: \{ memory: \d+Mi \}/);
  });

  it('check the health of both, and end them later than they end automatically', () => {
    for (const file of ['api.yaml', 'worker.yaml']) {
      for (const probe of ['startupProbe', 'livenessProbe', 'readinessProbe']) expect(read(file)).toContain(`${probe}:`);
      expect(read(file)).toMatch(/livenessProbe:\n +httpGet: \{ path: \/health\/live,/);
      expect(Number(/terminationGracePeriodSeconds: (\d+)/.exec(read(file))?.[1])).toBeGreaterThan(20);
    }
  });

  it('name only settings that there are, and secrets as files that are mounted', () => {
    const settings = new Set([...readFileSync(join(root, '.env.example'), 'utf8').matchAll(/^#([A-Z0-9_]+)=/gm)].map(([, name]) => name));
    const list = (file: string): string[] => [...read(file).matchAll(/^ {2}([A-Z0-9_]+):/gm)].map(([, name = '']) => name);
    const [named, secrets] = [list('config.yaml'), list('secret.example.yaml')];
    expect(secrets.length).toBeGreaterThan(3);
    const files = named.filter((name) => name.endsWith('_FILE'));
    expect(files.sort()).toEqual(secrets.map((name) => `${name}_FILE`).sort());
    for (const name of secrets) expect(read('config.yaml')).toContain(`${name}_FILE: /run/secrets/crossdock/${name}\n`);
    expect([...named, ...secrets].filter((name) => !files.includes(name) && !settings.has(name))).toEqual([]);
    for (const file of workloads) {
      expect(read(file)).not.toContain('secretRef');
      expect(read(file)).toMatch(/mountPath: \/run\/secrets\/crossdock, readOnly: true/);
      expect(read(file)).toMatch(/fsGroup: 1000/);
    }
  });

  it('name the modules that are hosted, each with its secret', () => {
    const modules = (/^ {2}MODULES: (.*)$/m.exec(read('config.yaml'))?.[1] ?? '').split(',');
    expect(modules).not.toEqual(['']);
    for (const code of modules)
      expect(read('secret.example.yaml')).toContain(`  MODULE_${code.toUpperCase().replaceAll('-', '_')}_SECRET:`);
  });

  it('give the world PORT, and OPERATOR_PORT to monitoring only', () => {
    const operators = /OPERATOR_PORT: '(\d+)'/.exec(read('config.yaml'))?.[1];
    const api = read('api.yaml');
    expect(api).toContain(`{ name: operators, containerPort: ${operators} }`);
    expect(/kind: Ingress[\s\S]*/.exec(api)?.[0]).toMatch(/service: \{ name: api, port: \{ name: http \} \}/);
    expect(api).not.toContain('server-snippet');
    const policies = read('network-policy.yaml').split('\n---\n');
    expect(policies.filter((text) => /podSelector: \{\}\n {2}policyTypes: \[Ingress, Egress\]\n?$/.test(text))).toHaveLength(1);
    const opening = policies.filter((text) => text.includes(`port: ${operators} }`));
    expect(opening).toHaveLength(1);
    expect(opening[0]).toContain('kubernetes.io/metadata.name: monitoring');
  });

  it('take bodies as large as the proxy of the compose file does', () => {
    const size = /client_max_body_size (\w+);/.exec(readFileSync(join(root, 'deploy/nginx/proxy.conf'), 'utf8'))?.[1];
    expect(read('api.yaml')).toContain(`proxy-body-size: ${size}\n`);
  });
});
