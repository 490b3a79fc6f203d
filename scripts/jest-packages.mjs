/**
 * Bundles the packages that most specs import, for Jest: it loads each file of a package anew for each spec
 * file, which costs it more than running the specs does.
 */
import { build } from 'esbuild';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { root } from './project.mjs';

/**
 * What sources import of the packages. They are bundled together, so that each is there once; a further
 * part of one of them belongs here too.
 */
const packages = [
  '@fastify/formbody',
  '@nestjs/common',
  '@nestjs/config',
  '@nestjs/core',
  '@nestjs/platform-fastify',
  '@nestjs/swagger',
  '@nestjs/terminus',
  '@nestjs/testing',
  '@nestjs/typeorm',
  'ajv',
  'bullmq',
  'class-transformer',
  'class-transformer/cjs/storage.js',
  'class-validator',
  'class-validator-jsonschema',
  'cockatiel',
  'fast-check',
  'fastify',
  'ioredis',
  'ipaddr.js',
  'libphonenumber-js',
  'libphonenumber-js/core',
  'libphonenumber-js/min/metadata',
  'lru-cache',
  'luxon',
  'pg',
  'prom-client',
  'rate-limiter-flexible',
  'rxjs',
  'stripe',
  'typeorm',
  'undici',
  'uuid',
];

/** Of Jest's own loading: a setup file that extends the globals of each spec, and what only a spec has. */
const left = ['reflect-metadata', '@jest/globals'];

const fileOf = (/** @type {string} */ name) => `${name.replaceAll('/', '__')}.mjs`;

/**
 * Bundles them, unless the same packages have been bundled before.
 * @returns {Promise<Record<string, string>>} entries of Jest's `moduleNameMapper`
 */
export async function bundlePackages() {
  const mark = createHash('sha256');
  // What npm has installed, and how it is bundled.
  for (const file of [join(root, 'node_modules/.package-lock.json'), fileURLToPath(import.meta.url)]) mark.update(readFileSync(file));
  const folder = join(root, 'node_modules/.cache/jest-packages', mark.digest('hex').slice(0, 12));
  if (!existsSync(folder)) {
    const unfinished = `${folder}-${process.pid}`;
    await bundle(unfinished);
    // Another run may have been faster.
    if (existsSync(folder)) rmSync(unfinished, { recursive: true });
    else renameSync(unfinished, folder);
  }
  const entries = packages.map((name) => [`^${name.replaceAll('.', '\\.')}$`, join(folder, fileOf(name))]);
  // A part that is not listed would bring a second copy; this way its import fails, and names this file.
  const others = `^(${packages.filter((name) => !/^[^@].*\/|\/.*\//.test(name)).join('|')})/`;
  return Object.fromEntries([...entries, [others, fileURLToPath(import.meta.url)]]);
}

/** @param {string} folder */
async function bundle(folder) {
  await build({
    entryPoints: Object.fromEntries(packages.map((name) => [fileOf(name).replace(/\.mjs$/, ''), `package:${name}`])),
    plugins: [{ name: 'packages', setup: resolvePackages }],
    outdir: folder,
    outExtension: { '.js': '.mjs' },
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    keepNames: true,
    // Half of what V8 has to read.
    minifyWhitespace: true,
    legalComments: 'none',
    external: left,
    banner: { js: `import { createRequire as requireOf } from 'node:module'; const require = requireOf(import.meta.url);` },
    logLevel: 'warning',
  });
}

/** @param {import('esbuild').PluginBuild} builder */
function resolvePackages(builder) {
  builder.onResolve({ filter: /^package:/ }, ({ path }) => ({ path: `${path.replace(/^package:/, '')}.mjs`, namespace: 'package' }));
  // The names that Node itself finds in a package, CommonJS or not.
  builder.onLoad({ filter: /.*/, namespace: 'package' }, async ({ path }) => {
    const name = path.replace(/\.mjs$/, '');
    const names = Object.keys(await import(name)).filter((one) => one !== 'module.exports');
    return { contents: `export { ${names.join(', ')} } from '${name}';`, resolveDir: root };
  });
  // Optional packages that are not installed stay what they are: an import that fails when it is tried.
  builder.onResolve({ filter: /^[^.]/ }, async ({ path, pluginData, ...rest }) => {
    if (pluginData === resolvePackages || path.startsWith('package:')) return undefined;
    const found = await builder.resolve(path, { ...rest, pluginData: resolvePackages });
    return found.errors.length > 0 ? { path, external: true } : found;
  });
}
