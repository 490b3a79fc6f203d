/** `npm run listing`: makes what the marketplace's partner account asks for, of one module. */
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join, relative, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { configure, TextReader, Uint8ArrayReader, Uint8ArrayWriter, ZipWriter } from '@zip.js/zip.js';
import { build } from './build.mjs';
import { LANGUAGES, ModulePages, loadHosted } from './docs/modules.mjs';
import { openSandbox, takeMenuPicture, takePicture, takeWidgetPictures } from './docs/pictures.mjs';
import { readDeployment } from './environment.mjs';
import { SetupError, isStarted, main, root, say } from './project.mjs';

const help = `npm run listing -- <module> [--url <address>] [--out <folder>] [--version <number>]

Makes what the marketplace's partner account asks for about a module: the ZIP archive of its widgets, and its card with texts, logo and
pictures in each language, countries, addresses, callbacks, and the API key's scopes with reasons. Names everything that is missing.
Starts everything on free ports with a sandbox CRM, and reads the module's registration and takes the pictures there (needs Chromium).

  <module>    its code, such as courier or a module of your modules.json
  --url       https address of your deployment. Default: PUBLIC_URL
  --out       folder that is made anew. Default: listing/<module>
  --version   whole number, higher than the last archive's. Default: minutes since 1970
  --help      shows this
`;

/** Callbacks of the widgets, below the base URL. The registration does not contain them. */
const EMBED_PATHS = ['/embed/badge', '/embed/view', '/embed/act', '/embed/registry'];

/**
 * @typedef {{ script: string, stylesheet?: string, folder: string }} Bundle names of its files
 * @typedef {{ targets?: string[], pages?: object[] }} EmbedJs of a registration
 */

/**
 * Finds the bundle of the widgets.
 * @param {string} folder
 * @returns {Bundle | undefined}
 */
export function findBundle(folder) {
  const files = existsSync(folder) ? readdirSync(folder) : [];
  const find = (/** @type {RegExp} */ name) => files.find((file) => name.test(file));
  const [script, stylesheet] = [find(/^widget\.[\w-]{6,}\.js$/), find(/^widget\.[\w-]{6,}\.css$/)];
  return script === undefined ? undefined : { folder, script, ...(stylesheet && { stylesheet }) };
}

/**
 * Builds the archive's manifest.json.
 * @param {string} code of the module in the partner account
 * @param {string} version
 * @param {EmbedJs} embedJs
 * @param {Bundle} bundle
 */
export function buildManifest(code, version, { targets = [], pages = [] }, { script, stylesheet }) {
  return {
    ...{ code, version, runner: 'worker', entrypoint: script, scripts: [script] },
    ...(stylesheet && { stylesheet }),
    ...(targets.length > 0 && { targets }),
    ...(pages.length > 0 && { pages }),
  };
}

/**
 * Makes the ZIP, with all files at its root.
 * @param {ReturnType<typeof buildManifest>} manifest
 * @param {string} folder of the bundle's files
 */
export async function zipArchive(manifest, folder) {
  configure({ useWebWorkers: false });
  const zip = new ZipWriter(new Uint8ArrayWriter());
  await zip.add('manifest.json', new TextReader(`${JSON.stringify(manifest, null, 2)}\n`));
  for (const name of [...manifest.scripts, ...(manifest.stylesheet ? [manifest.stylesheet] : [])])
    await zip.add(name, new Uint8ArrayReader(readFileSync(join(folder, name))));
  return zip.close();
}

/**
 * Lists the callbacks of a registration, by their names in it.
 * @param {any} registration
 * @returns {Record<string, string>} paths below the base URL
 */
export function listCallbacks({ actions, integrations: { embedJs, ...integrations } }) {
  /** @type {Record<string, string>} */
  const found = {};
  const visit = (/** @type {string} */ name, /** @type {unknown} */ value) => {
    if (typeof value === 'string' && value.startsWith('/')) found[name] = value;
    else if (typeof value === 'object' && value !== null)
      for (const [key, inner] of Object.entries(value)) visit(name === '' ? key : `${name}.${key}`, inner);
  };
  visit('', { ...actions, ...integrations });
  return { ...found, ...(embedJs && Object.fromEntries(EMBED_PATHS.map((path) => [path.slice(1).replace('/', '.'), path]))) };
}

/**
 * Finds the parts of a listing that cannot be made, before anything is started.
 * @param {string} url
 * @param {string} version
 * @param {Bundle | undefined} bundle
 */
export function findGaps(url, version, bundle) {
  return [
    ...(/^https:\/\/[^/]+\.[^/]+/.test(url) ? [] : ['the address of your deployment: set PUBLIC_URL, or --url, to its https address']),
    ...(/^[1-9]\d{0,9}$/.test(version) ? [] : ['a version: --version must be a whole number of up to ten digits']),
    ...(bundle ? [] : ['the bundle of the widgets: dist/widget has no widget.<hash>.js. Run `npm run build`']),
  ];
}

/** @param {readonly string[]} gaps */
function refuse(gaps) {
  if (gaps.length > 0) throw new SetupError(`The listing lacks:\n  ${gaps.join('\n  ')}`);
}

/** The card of a module in the marketplace. */
export class Card {
  /** @type {string[]} Names what is missing. */
  gaps = [];

  /**
   * @param {Awaited<ReturnType<typeof loadHosted>>} hosted
   * @param {{ registration: any, scopes: readonly string[], url: string }} facts
   */
  constructor({ module, parts }, { registration, scopes, url }) {
    this.module = module;
    this.parts = parts;
    this.scopes = scopes;
    const callbacks = Object.entries(listCallbacks(registration));
    if (callbacks.length === 0) this.gaps.push('callbacks: the registration has no callbacks');
    if (module.countries.length === 0) this.gaps.push('countries: enter them in modules.json, or in the manifest');
    this.data = {
      code: module.code,
      names: module.names,
      configUrl: `${url}/${module.code}/config`,
      accountUrl: `${url}/${module.code}/account`,
      baseUrl: `${url}/${module.code}/callbacks`,
      countries: module.countries,
      severalPerAccount: module.multiAccount,
      callbacks: Object.fromEntries(callbacks.map(([name, path]) => [name, `${url}/${module.code}/callbacks${path}`])),
      scopes,
    };
  }

  /**
   * Returns the card's text in a language.
   * @param {string} language
   * @param {readonly string[]} pictures
   */
  write(language, pictures) {
    const { module, parts, gaps } = this;
    const page = new ModulePages(language, () => undefined, gaps);
    const { words } = page;
    const name = page.say(module.names, `${module.code}, name`);
    const reasons = this.scopes.map((scope) => {
      const reason = words.listing.scopes[scope];
      if (!reason) gaps.push(`${scope}: no reason for this scope in ${language}. Add it to scripts/docs/texts/${language}.json`);
      return `| \`${scope}\` | ${reason} |`;
    });
    const countries = new Intl.DisplayNames(language, { type: 'region' });
    if (!/<svg[\s>]/.test(module.logos[language] ?? '')) gaps.push(`${module.code}: no logo in ${language}`);
    if (pictures.length === 0) gaps.push(`${module.code}: no picture in ${language}`);
    return `${[
      `# ${name}`,
      parts.map(({ kind }) => words.kinds[kind]).join(', '),
      `${words.countries}: ${module.countries.map((code) => countries.of(code)).join(', ')}`,
      `## ${words.does}`,
      parts.map((part) => page.listAbilities(part)).join('\n'),
      ...parts.flatMap(({ manifest: { code, forms } }) => page.writeManifest({ code, forms })),
      ...parts.flatMap((part) => page.writeStart(part, name)),
      `## ${words.listing.access}`,
      [`| ${words.listing.scope} | ${words.listing.reason} |`, '| --- | --- |', ...reasons].join('\n'),
      `## ${words.listing.pictures}`,
      pictures.map((file) => `![${basename(file, '.png')}](${file})`).join('\n'),
    ].join('\n\n')}\n`;
  }
}

/**
 * Makes the listing of a module.
 * @param {string} code
 * @param {{ url: string, out: string, version: string }} options
 */
async function makeListing(code, { url, out, version }) {
  const bundle = findBundle(join(root, 'dist/widget'));
  refuse(findGaps(url, version, bundle));
  const hosted = await loadHosted(code);
  if (!bundle) return;
  rmSync(out, { recursive: true, force: true });
  await openSandbox([code], async (browser, shop) => {
    const registration = await shop.readRegistration(code);
    const { embedJs } = registration.integrations;
    const { scopes } = /** @type {any} */ (await (await fetch(`${shop.api}/${code}/config`)).json());
    const card = new Card(hosted, { registration, scopes, url });
    if (!embedJs && hosted.parts.some(({ hasWidgets }) => hasWidgets))
      card.gaps.push('the widgets: the CRM registered the module without embedJs. Its health says why');
    const pages = (embedJs?.pages ?? []).map((/** @type {{ code: string }} */ page) => page.code);
    // The same widgets are in chats (order/mg), which the sandbox CRM has no screen for.
    const targets = (embedJs?.targets ?? []).filter((/** @type {string} */ target) => target.includes('/card:'));
    if (pages.length + targets.length > 0 && !(await shop.playDemo(code)))
      say('the demo of the sandbox CRM failed, so pictures may show few records. Start the double of the service');
    for (const language of LANGUAGES) {
      const folder = join(out, language);
      mkdirSync(folder, { recursive: true });
      await shop.setLanguage(language);
      writeFileSync(join(folder, 'account.png'), await takePicture(browser, shop, code));
      for (const page of pages) writeFileSync(join(folder, `${page}.png`), await takeMenuPicture(browser, shop, code, page));
      const shown = ['account', ...pages];
      for (const target of targets) {
        const pictures = Object.entries((await takeWidgetPictures(browser, shop, target)) ?? {});
        if (pictures.length === 0) say(`no record of the sandbox CRM has a widget at ${target}, so there is no picture of it`);
        for (const [part, picture] of pictures) {
          const name = `${target.replace(/\W+/g, '-')}-${part}`;
          writeFileSync(join(folder, `${name}.png`), picture);
          shown.push(name);
        }
      }
      writeFileSync(join(folder, 'logo.svg'), hosted.module.logos[language] ?? '');
      writeFileSync(
        join(folder, 'card.md'),
        card.write(
          language,
          shown.map((name) => `${name}.png`),
        ),
      );
    }
    if (embedJs) {
      const manifest = buildManifest(code, version, embedJs, bundle);
      writeFileSync(join(out, `${code}-${version}.zip`), await zipArchive(manifest, bundle.folder));
    }
    writeFileSync(join(out, 'card.json'), `${JSON.stringify(card.data, null, 2)}\n`);
    refuse(card.gaps);
  });
}

if (isStarted(import.meta.url))
  await main(async () => {
    const { values, positionals } = readArguments();
    const [code] = positionals;
    if (values.help || code === undefined || positionals.length > 1) {
      process.stdout.write(help);
      return values.help ? 0 : 1;
    }
    // Reads .env, too.
    readDeployment();
    await build();
    const out = resolve(values.out ?? join(root, 'listing', code));
    const url = (values.url ?? process.env.PUBLIC_URL ?? '').replace(/\/+$/, '');
    await makeListing(code, { url, out, version: values.version ?? String(Math.floor(Date.now() / 60_000)) });
    say(`made ${relative(root, out)}. The pictures show the sandbox CRM with test settings: look at them before you upload them`);
    return 0;
  });

function readArguments() {
  const text = /** @type {const} */ ({ type: 'string' });
  try {
    return parseArgs({ options: { url: text, out: text, version: text, help: { type: 'boolean' } }, allowPositionals: true });
  } catch (error) {
    throw new SetupError(`${error.message}\n\n${help}`);
  }
}
