/** Which folder may import which. The same table, in words, is in docs/adr. Any other import is an error. */
/** Specs, doubles in a provider's folder, and files that only the end-to-end specs of an app use. */
const spec = '\\.(spec|e2e-spec|double)\\.ts$|^libs/providers/[^/]+/double/|^(apps|lab)/[^/]+/test/';
const ours = '^(apps|libs|lab|tools|scripts|dist)/';
const port = '^libs/integrations/[^/]+/port/';
/** The exports of an integration for built-in providers, in addition to its port. */
const ownPort = '^libs/integrations/[^/]+/services/';
const testing = '^libs/testing/';
/** Specs import the doubles, too. */
const doubles = '^lab/(doubles/|testing\\.ts$)';
/** The platform's parts that stand alone. */
const plain = '^libs/platform/plain\\.ts$';
/** Test helpers that are packed for providers outside the repository. */
const packed =
  '^libs/testing/(conformance/|double/|(outside|builders|callback-builders|faulty-proxy|hand-page|http-double|memory-cache|pdf|sample-orders)\\.ts)';
const lib = (...names) => names.map((name) => `^libs/${name}/`);

/**
 * Files below `from` import only their own files of the repository and the ones that `allowed` matches.
 * Their specs may also use `testing` and files that `inSpecs` matches.
 */
function border(name, from, allowed, why, inSpecs = []) {
  const rule = (suffix, extraFrom, also) => ({
    name: `${name}${suffix}`,
    comment: why,
    severity: 'error',
    from: { path: from, ...extraFrom },
    to: { path: ours, pathNot: [...allowed, ...also] },
  });
  return [rule('', { pathNot: spec }, []), rule('-specs', { path: `(?=${from})(?:.*(?:${spec}))` }, [testing, doubles, ...inSpecs])];
}

const base = ['platform', 'crm-client', 'provider-kit'];
const records = [
  'journal',
  'connections',
  'operations',
  'inbox',
  'outbox',
  'onboarding',
  'reconciliation',
  'settlement',
  'insight',
  'widgets',
];

module.exports = {
  forbidden: [
    {
      name: 'no-cycles',
      comment: 'Two files that need each other are one idea, or need a third.',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    {
      name: 'no-cycles-of-rooms',
      comment: 'Two rooms of a library that need each other are one room, or need a third (their order is in its README).',
      severity: 'error',
      scope: 'folder',
      from: { path: '^libs/(connections|onboarding)/[^/]+$' },
      to: { circular: true },
    },
    {
      name: 'no-rooms-in-their-library',
      comment: 'The files of a library that its rooms build on import no room. Only its index, Nest module and texts do.',
      severity: 'error',
      from: { path: '^libs/(connections|onboarding)/[^/]+\\.ts$', pathNot: `/index\\.ts$|\\.(module|texts)\\.ts$|${spec}` },
      to: { path: '^libs/$1/[^/]+/' },
    },
    {
      name: 'controllers-with-their-routes',
      comment: 'Routes of one integration or service are with it, all others in apps/api (docs/architecture.md).',
      severity: 'error',
      from: { path: '^libs/', pathNot: '^libs/(integrations|built-in)/' },
      to: { path: '\\.controller\\.ts$' },
    },
    {
      name: 'no-unresolvable',
      comment: 'The import leads nowhere: a wrong path, a missing alias in package.json "imports", or a package that is not installed.',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true },
    },
    {
      name: 'no-compiled-code',
      comment: 'Import the source, not what was compiled of it.',
      severity: 'error',
      from: {},
      to: { path: '^dist/' },
    },
    {
      name: 'tracing-on-wish',
      comment: 'The packages of OpenTelemetry are loaded only where OTEL_EXPORTER_OTLP_ENDPOINT is set.',
      severity: 'error',
      from: { pathNot: `${spec}|^libs/platform/tracing/(open-telemetry|database-spans)\\.ts$` },
      to: {
        path: '(^|/)node_modules/@opentelemetry/|^libs/platform/tracing/(open-telemetry|database-spans)\\.ts$',
        dependencyTypesNot: ['dynamic-import'],
      },
    },
    ...border('crm-client', '^libs/crm-client/', lib('crm-client'), 'The API client stands alone and could be published by itself.'),
    {
      name: 'crm-client-own-packages',
      comment: 'What the API client imports stands in its own package.json.',
      severity: 'error',
      from: { path: '^libs/crm-client/', pathNot: `${spec}|^libs/crm-client/test-support/` },
      to: { dependencyTypes: ['npm-dev', 'npm-no-pkg', 'npm-unknown'] },
    },
    {
      name: 'plain-without-frameworks',
      comment: 'What providers outside the repository are written with installs without Nest, database and queue.',
      severity: 'error',
      from: { path: plain },
      to: { path: '(^|/)node_modules/(@nestjs|typeorm|pg|bullmq|ioredis|pino)(/|$)', reachable: true },
    },
    ...border('platform', '^libs/platform/', lib('platform'), 'The platform knows nothing of the product.'),
    ...border(
      'provider-kit',
      '^libs/provider-kit/',
      [...lib('provider-kit'), plain],
      'What adapters and services share stands on the platform’s plain parts alone: it is a package too.',
    ),
    ...border(
      'ports',
      port.replace('[^/]+', '([^/]+)'),
      ['^libs/integrations/$1/port/', ...lib('provider-kit'), plain],
      'A port is in the package of providers outside the repository: kit and plain parts of the platform, nothing else.',
    ),
    {
      name: 'packages-without-frameworks',
      comment: 'Kit and ports are installed without Nest, database and queue.',
      severity: 'error',
      from: { path: ['^libs/provider-kit/', port], pathNot: spec },
      to: { path: '(^|/)node_modules/(@nestjs|typeorm|pg|bullmq|ioredis|pino)(/|$)' },
    },
    ...records.flatMap((name, index) =>
      border(
        name,
        `^libs/${name}/`,
        lib(...base, ...records.slice(0, index + 1)),
        'journal, connections, operations, inbox, outbox, onboarding, reconciliation, settlement, insight, widgets: each may use those before it; they define ports that integrations fill.',
      ),
    ),
    ...border(
      'integration-kit',
      '^libs/integration-kit/',
      lib('integration-kit', ...base, ...records),
      'What every integration is made with: above the records, below the integrations.',
    ),
    ...border(
      'integrations',
      '^libs/integrations/([^/]+)/',
      ['^libs/integrations/$1/', ...lib('integration-kit', ...base, ...records)],
      'An integration never imports another one, nor a provider: providers fill its port.',
    ),
    ...border(
      'providers',
      '^libs/providers/([^/]+)/',
      ['^libs/providers/$1/', port, ...lib('platform', 'provider-kit')],
      'An adapter knows the port it fills, the provider kit and the platform.',
    ),
    {
      name: 'providers-without-frameworks',
      comment: 'An adapter keeps nothing and needs no framework: plain classes over HTTP.',
      severity: 'error',
      from: { path: '^libs/providers/' },
      to: { path: '(^|/)node_modules/(@nestjs|typeorm|pg|bullmq|ioredis)(/|$)' },
    },
    ...border(
      'built-in',
      '^libs/built-in/([^/]+)/',
      ['^libs/built-in/$1/', port, ownPort, ...lib('platform', 'provider-kit', 'connections')],
      'A built-in provider may import the port it fills, the provider kit, the platform, and connections for reading the CRM.',
    ),
    ...border(
      'testing',
      testing,
      [testing, port, ...lib('platform', 'provider-kit')],
      'Suites know ports, the provider kit and the platform.',
    ),
    ...border(
      'doubles',
      doubles,
      [doubles, testing, port, ...lib('platform', 'provider-kit')],
      'Doubles know the suites and their base, ports, the provider kit and the platform.',
    ),
    ...border(
      'packed-testing',
      packed,
      [packed, port, ...lib('provider-kit'), plain],
      'These are packed for providers outside the repository: ports, kit and plain parts of the platform, no double.',
    ),
    ...border(
      'catalogue',
      '^libs/catalogue/',
      lib('catalogue', 'integration-kit', ...base, ...records, 'integrations', 'providers', 'built-in'),
      'The catalogue names everything but the apps and the tests.',
    ),
    ...border(
      'apps',
      '^apps/(api|worker)/',
      [
        '^apps/$1/',
        '^apps/web/api/schema',
        ...lib('catalogue', 'integration-kit', ...base, ...records, 'integrations', 'providers', 'built-in'),
      ],
      'An app never imports another app, and testing only in its specs; an end-to-end spec may run both apps, and the sandbox plays its CRM.',
      ['^apps/(api|worker)/src/', '^lab/sandbox-crm/src/', '^tools/openapi/src/'],
    ),
    ...border(
      'sandbox-crm',
      '^lab/sandbox-crm/',
      ['^lab/sandbox-crm/', '^libs/crm-client/generated/wire\\.ts$'],
      'The sandbox is the CRM: it shares nothing with the module but the generated wire types.',
    ),
    ...border(
      'openapi',
      '^tools/openapi/',
      ['^tools/openapi/', '^apps/api/src/', ...lib('catalogue', 'platform')],
      'What describes the API puts it together as its main does, and reads nothing else of it but declarations.',
    ),
    ...border(
      'web',
      '^apps/web/',
      ['^apps/web/', '^lab/sandbox-crm/src/control/control-types\\.ts$'],
      'The pages run in a browser; what they share with the sandbox CRM are declarations.',
    ),
    ...border(
      'widget',
      '^apps/widget/',
      ['^apps/widget/', '^apps/web/src/kit/language\\.ts$', '^libs/widgets/widget-view\\.ts$'],
      'The widget runs in the CRM; what it shares with the server are declarations.',
    ),
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^dist/.*\\.d\\.ts$|^libs/crm-client/dist/' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    webpackConfig: { fileName: 'scripts/source-aliases.cjs' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'types', 'node', 'default'],
      mainFields: ['module', 'main', 'types'],
    },
  },
};
