import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { load, loadAll } from 'js-yaml';
import type { IHorizontalPodAutoscaler } from 'kubernetes-models/autoscaling/v2/HorizontalPodAutoscaler';
import type { IIngress } from 'kubernetes-models/networking.k8s.io/v1/Ingress';
import type { INetworkPolicy } from 'kubernetes-models/networking.k8s.io/v1/NetworkPolicy';
import type { IConfigMap } from 'kubernetes-models/v1/ConfigMap';
import type { IPodTemplateSpec } from 'kubernetes-models/v1/PodTemplateSpec';
import type { ISecret } from 'kubernetes-models/v1/Secret';
import { root } from './project.mjs';
import { release } from './release-names.mjs';

interface Document {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string };
}
interface Workload extends Document {
  readonly spec: { readonly template: IPodTemplateSpec };
}

const folder = join(root, 'deploy/kubernetes');
const read = (file: string): string => readFileSync(join(folder, file), 'utf8');
const kustomize = (...args: string[]) => spawnSync('kustomize', args, { cwd: folder, encoding: 'utf8' });
const isInstalled = kustomize('version').status === 0;
if (!isInstalled) process.stderr.write('kustomize is not installed: the Kubernetes manifests are not tested.\n');

function render(overlay: string): Document[] {
  const { status, stdout, stderr } = kustomize('build', `overlays/${overlay}`);
  expect([status, stderr]).toEqual([0, '']);
  return loadAll(stdout) as Document[];
}
const overlays = isInstalled ? ['small', 'production'].map((name) => ({ name, documents: render(name) })) : [];
const [small, production] = overlays;
const secret = load(read('base/secret.example.yaml')) as ISecret & Document;

const list = <T extends Document>(documents: readonly Document[] = [], kind: string): T[] =>
  documents.filter((one): one is T => one.kind === kind);
const listWorkloads = (documents: readonly Document[]) => ['Deployment', 'Job'].flatMap((kind) => list<Workload>(documents, kind));
const getSettings = (documents: readonly Document[]): Record<string, string> =>
  list<IConfigMap & Document>(documents, 'ConfigMap').find(({ data }) => data?.['PUBLIC_URL'])?.data ?? {};
const listSecrets = (documents: readonly Document[]): string[] =>
  Object.keys(getSettings(documents)).flatMap((name) => /^(.*)_FILE$/.exec(name)?.[1] ?? []);

/** Returns the compiler's errors. Kubernetes' types refuse an unknown field, and its schemas do not. */
function findUnknownFields(documents: readonly Document[]): string {
  const scratch = mkdtempSync(join(tmpdir(), 'crossdock-kubernetes-'));
  try {
    const typed = documents.map(
      (one, i) =>
        `import type { I${one.kind} as T${i} } from 'kubernetes-models/${one.apiVersion}/${one.kind}';\n` +
        `export const d${i}: T${i} = ${JSON.stringify(one)};\n`,
    );
    writeFileSync(join(scratch, 'documents.ts'), typed.join(''));
    symlinkSync(join(root, 'node_modules'), join(scratch, 'node_modules'));
    const flags = ['--noEmit', '--strict', '--skipLibCheck', '--module', 'esnext', '--moduleResolution', 'bundler', '--types', ''];
    const tsc = join(root, 'node_modules/typescript7/bin/tsc');
    return spawnSync(process.execPath, [tsc, ...flags, 'documents.ts'], { cwd: scratch, encoding: 'utf8' }).stdout;
  } finally {
    rmSync(scratch, { recursive: true });
  }
}

(isInstalled ? describe : describe.skip)('the Kubernetes manifests', () => {
  it('match Kubernetes’ own schemas, and have no unknown fields', async () => {
    const documents = [...overlays.flatMap((one) => one.documents), secret];
    for (const document of documents) {
      const { apiVersion, kind } = document;
      const models = (await import(`kubernetes-models/${apiVersion}/${kind}`)) as Record<
        string,
        new (data: object) => { validate(): void }
      >;
      const Model = models[kind];
      if (!Model) throw new Error(`${apiVersion} has no ${kind}`);
      new Model(document).validate();
    }
    expect(findUnknownFields(documents)).toBe('');
    expect(findUnknownFields([{ ...secret, ...{ stringdata: {} } }])).toContain('stringdata');
  });

  it('run one api and one worker in the small overlay, and scale both in the production overlay', () => {
    const kinds = ['PodDisruptionBudget', 'HorizontalPodAutoscaler'];
    expect(kinds.flatMap((kind) => list(small?.documents, kind))).toEqual([]);
    for (const kind of kinds) expect(list(production?.documents, kind).map(({ metadata }) => metadata.name)).toEqual(['api', 'worker']);
    // An autoscaler and a fixed number would take turns.
    for (const { documents } of overlays) for (const one of list(documents, 'Deployment')) expect(one).not.toHaveProperty('spec.replicas');
  });

  it('scale workers by a lag that prometheus-adapter reads from metrics of Crossdock', () => {
    const [rule] = load(read('overlays/production/prometheus-adapter.yaml')) as {
      seriesQuery: string;
      metricsQuery: string;
      name: { as: string };
    }[];
    const worker = list<IHorizontalPodAutoscaler & Document>(production?.documents, 'HorizontalPodAutoscaler')[1];
    expect(worker?.spec?.metrics?.[0]?.external?.metric.name).toBe(rule?.name.as);
    const rules = readFileSync(join(root, 'deploy/prometheus/rules.yml'), 'utf8');
    const metrics = `${rule?.seriesQuery} ${rule?.metricsQuery}`.match(/crossdock_\w+/g) ?? [];
    expect(metrics).toHaveLength(2);
    expect(metrics.filter((name) => !rules.includes(name))).toEqual([]);
  });

  it.each(overlays)('let the pods of the overlay $name do nothing that they need not', ({ documents }) => {
    const workloads = listWorkloads(documents);
    expect(workloads.map(({ metadata }) => metadata.name).sort()).toEqual(['api', 'migrate', 'worker']);
    for (const { spec } of workloads) {
      const pod = spec.template.spec;
      expect(pod).toMatchObject({
        automountServiceAccountToken: false,
        securityContext: { runAsNonRoot: true, runAsUser: 1000, fsGroup: 1000, seccompProfile: { type: 'RuntimeDefault' } },
      });
      for (const container of pod?.containers ?? [])
        expect(container).toMatchObject({
          securityContext: { allowPrivilegeEscalation: false, readOnlyRootFilesystem: true, capabilities: { drop: ['ALL'] } },
          resources: {
            requests: { cpu: expect.any(String), memory: expect.any(String) },
            limits: { memory: expect.any(String) },
          },
        });
    }
  });

  it.each(overlays)('check the health of both in the overlay $name, and end them later than they end automatically', ({ documents }) => {
    for (const { spec } of list<Workload>(documents, 'Deployment')) {
      const pod = spec.template.spec;
      const { startupProbe, livenessProbe, readinessProbe } = pod?.containers[0] ?? {};
      expect([startupProbe, livenessProbe, readinessProbe].map((probe) => probe?.httpGet?.path)).toEqual([
        '/health/live',
        '/health/live',
        '/health/ready',
      ]);
      expect(pod?.terminationGracePeriodSeconds).toBeGreaterThan(20);
    }
  });

  it.each(overlays)('name only settings that there are in the overlay $name, and secrets as files that are mounted', ({ documents }) => {
    const known = new Set([...readFileSync(join(root, '.env.example'), 'utf8').matchAll(/^#([A-Z0-9_]+)=/gm)].map(([, name]) => name));
    const settings = getSettings(documents);
    const secrets = listSecrets(documents);
    expect(secrets.length).toBeGreaterThan(3);
    for (const name of secrets) expect(settings[`${name}_FILE`]).toBe(`/run/secrets/crossdock/${name}`);
    const modules = settings['MODULES']?.split(',') ?? [];
    const ofModules = modules.map((code) => `MODULE_${code.toUpperCase().replaceAll('-', '_')}_SECRET`);
    expect(secrets.filter((name) => name.startsWith('MODULE_'))).toEqual(ofModules.sort());
    const unknown = [...Object.keys(settings), ...secrets].filter((name) => !name.endsWith('_FILE') && !known.has(name));
    expect(unknown.filter((name) => !ofModules.includes(name))).toEqual([]);
    for (const { spec } of listWorkloads(documents)) {
      const pod = spec.template.spec;
      expect(JSON.stringify(pod)).not.toMatch(/secretRef|secretKeyRef/);
      expect(pod?.containers[0]?.volumeMounts).toContainEqual({ name: 'secrets', mountPath: '/run/secrets/crossdock', readOnly: true });
      expect(pod?.volumes).toContainEqual({ name: 'secrets', secret: { secretName: 'crossdock', defaultMode: 0o440 } });
    }
  });

  it('have an example of the secret that matches the small overlay', () => {
    expect(Object.keys(secret.stringData ?? {}).sort()).toEqual(listSecrets(small?.documents ?? []).sort());
  });

  it('mount the modules of the production overlay, and take their provider from the operator’s own image', () => {
    const documents = production?.documents ?? [];
    const modules = list<IConfigMap & Document>(documents, 'ConfigMap').find(({ data }) => data?.['modules.json']);
    const { modules: entries } = JSON.parse(modules?.data?.['modules.json'] ?? '') as { modules: { code: string; logo?: string }[] };
    expect(entries.map(({ code }) => code).join()).toBe(getSettings(documents)['MODULES']);
    expect(entries.flatMap(({ logo }) => logo ?? []).filter((file) => !modules?.data?.[file])).toEqual([]);
    const dockerfile = read('overlays/production/modules/Dockerfile');
    const [image] = new Set(listWorkloads(small?.documents ?? []).map(({ spec }) => spec.template.spec?.containers[0]?.image));
    const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string };
    expect(image).toBe(`${release.image}:${version}`);
    expect(dockerfile).toContain(`\nFROM ${image}\n`);
    for (const { spec } of listWorkloads(documents)) {
      const pod = spec.template.spec;
      expect(pod?.containers[0]?.image).toMatch(/^registry\.example\.com\/crossdock-acme:/);
      expect(pod?.containers[0]?.volumeMounts).toContainEqual({ name: 'modules', mountPath: '/etc/crossdock', readOnly: true });
      expect(pod?.volumes).toContainEqual({ name: 'modules', configMap: { name: modules?.metadata.name, optional: true } });
    }
  });

  it.each(overlays)('give the world PORT in the overlay $name, and OPERATOR_PORT to monitoring only', ({ documents }) => {
    const operators = Number(getSettings(documents)['OPERATOR_PORT']);
    const api = list<Workload>(documents, 'Deployment').find(({ metadata }) => metadata.name === 'api');
    expect(api?.spec.template.spec?.containers[0]?.ports).toContainEqual({ name: 'operators', containerPort: operators });
    const [ingress, ...others] = list<IIngress & Document>(documents, 'Ingress');
    expect(others).toEqual([]);
    expect(ingress?.spec?.rules?.map(({ http }) => http?.paths.map(({ backend }) => backend.service))).toEqual([
      [{ name: 'api', port: { name: 'http' } }],
    ]);
    expect(JSON.stringify(ingress)).not.toContain('server-snippet');
    const policies = list<INetworkPolicy & Document>(documents, 'NetworkPolicy');
    expect(policies.map(({ spec }) => spec)).toContainEqual({ podSelector: {}, policyTypes: ['Ingress', 'Egress'] });
    const opening = policies
      .flatMap(({ spec }) => spec?.ingress ?? [])
      .filter(({ ports }) => ports?.some(({ port }) => port === operators));
    expect(opening.map(({ from }) => from)).toEqual([
      [{ namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'monitoring' } } }],
    ]);
  });

  it('take bodies as large as the proxy of the compose file does', () => {
    const size = /client_max_body_size (\w+);/.exec(readFileSync(join(root, 'deploy/nginx/proxy.conf'), 'utf8'))?.[1];
    const [ingress] = list<IIngress & Document>(small?.documents, 'Ingress');
    expect(ingress?.metadata?.annotations).toEqual({ 'nginx.ingress.kubernetes.io/proxy-body-size': size });
  });
});
