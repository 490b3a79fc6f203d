/** The pages of the modules for shop managers, made from manifests and texts. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { SetupError, root } from '../project.mjs';
import { sourceFolder, writePage } from './stage.mjs';

/** The languages of the pages, English first. */
export const LANGUAGES = ['en', 'es', 'ru'];
/** Values of a choice that a page lists. */
const LISTED = 12;

/** @typedef {{ kind: string, hasWidgets: boolean, manifest: any, provider: any, folder: string }} Module */

/** Lists the modules of the catalogue, in its order. */
export async function listModules() {
  const { builtIn, ConfiguredAdapter } = await load('catalogue');
  return listProviders(
    builtIn.map((/** @type {any} */ { adapters, ...hosting }) => ({
      ...hosting,
      adapters: adapters.map((/** @type {any} */ one) => (one instanceof ConfiguredAdapter ? one.create(new one.environment()) : one)),
    })),
  );
}

/**
 * Finds a module of this deployment, also of its modules.json, with the pages' view of each of its providers.
 * @param {string} code
 * @returns {Promise<{ module: import('#connections').HostedModule, parts: Module[] }>}
 * @throws {SetupError} if there is no such module
 */
export async function loadHosted(code) {
  const { createHosted, readCatalogue, readSettings } = await load('catalogue');
  // Nothing is connected or encrypted with these.
  const needed = { DATABASE_URL: 'postgres://localhost', ENCRYPTION_KEY: '0'.repeat(64), NODE_ENV: 'development', PUBLIC_URL: '' };
  const variables = { ...process.env, ...needed };
  const catalogue = await readCatalogue(variables);
  const { hosted, modules } = createHosted(await readSettings(catalogue, variables), catalogue);
  const module = modules.get(code);
  if (!module)
    throw new SetupError(
      `There is no module "${code}", only ${modules
        .all()
        .map((/** @type {any} */ one) => one.code)
        .join(', ')}`,
    );
  const all = listProviders(hosted);
  const parts = module.providers.map((/** @type {any} */ { manifest }) => all.find((one) => one.manifest.code === manifest.code));
  return { module, parts };
}

/**
 * @param {readonly any[]} hosted integrations with their providers
 * @returns {Module[]}
 */
function listProviders(hosted) {
  return hosted.flatMap(({ integration, adapters, services }) => [
    ...adapters.map((/** @type {any} */ provider) => ({
      ...{ kind: integration.code, hasWidgets: Boolean(integration.widgets) },
      manifest: provider.manifest,
      provider,
      folder: `libs/providers/${provider.manifest.code}`,
    })),
    ...services.map((/** @type {any} */ { manifest, provider }) => ({
      ...{ kind: integration.code, hasWidgets: Boolean(integration.widgets) },
      manifest,
      provider: provider.prototype,
      folder: `libs/built-in/${manifest.code}`,
    })),
  ]);
}

/**
 * Imports a compiled library.
 * @param {string} library
 */
const load = (library) => import(pathToFileURL(join(root, `dist/libs/${library}/index.js`)).href);

/**
 * The path of a module's picture within the site's sources.
 * @param {string} language
 * @param {string} code
 */
export const placePicture = (language, code) => `pictures/modules/${language}/${code}.webp`;

/**
 * Writes a page for each module and language, and the list of them.
 * @throws {SetupError} that lists the missing pictures and texts
 */
export async function writeModulePages() {
  const modules = await listModules();
  const { buildSettingsForm } = await load('platform');
  /** @type {string[]} */
  const problems = [];
  for (const language of LANGUAGES) {
    const page = new ModulePages(language, buildSettingsForm, problems);
    writePage(`${page.base}modules/index.md`, page.writeList(modules));
    if (language !== 'en') writePage(`${page.base}index.md`, page.writeList(modules));
    for (const module of modules) writePage(`${page.base}modules/${module.manifest.code}.md`, page.writeModule(module));
  }
  if (problems.length > 0) throw new SetupError(`Pages of modules are incomplete:\n  ${problems.join('\n  ')}`);
}

/**
 * Replaces placeholders such as `{max}`.
 * @param {string} text
 * @param {Record<string, unknown>} values
 */
const fillIn = (text, values) => text.replace(/\{(\w+)\}/g, (whole, name) => String(values[name] ?? whole));

/**
 * Escapes a text for a cell of a Markdown table.
 * @param {string} text
 */
const escape = (text) =>
  text
    .replace(/[\\`*_[\]]/g, '\\$&')
    .replace(/[<>{}|]/g, (sign) => `&#${sign.charCodeAt(0)};`)
    .replace(/\s+/g, ' ');

/** Writes the pages of one language. */
export class ModulePages {
  /**
   * @param {string} language
   * @param {(settings: unknown) => any} buildForm
   * @param {string[]} problems receives what is missing
   */
  constructor(language, buildForm, problems) {
    this.language = language;
    this.base = language === 'en' ? '' : `${language}/`;
    this.buildForm = buildForm;
    this.problems = problems;
    this.words = JSON.parse(readFileSync(new URL(`texts/${language}.json`, import.meta.url), 'utf8'));
  }

  /**
   * Returns a text in the page's language, escaped.
   * @param {Record<string, string>} text
   * @param {string} where named if the text is missing
   */
  say(text, where) {
    const words = text?.[this.language];
    if (!words) this.problems.push(`${where}: no text in ${this.language}`);
    return escape(words ?? '');
  }

  /** @param {readonly Module[]} modules */
  writeList(modules) {
    const { words } = this;
    const kinds = [...new Set(modules.map(({ kind }) => kind))];
    const link = (/** @type {Module} */ { manifest }) =>
      `- [${this.say(manifest.title, manifest.code)}](/${this.base}modules/${manifest.code})`;
    const parts = kinds.map(
      (kind) =>
        `## ${words.kinds[kind]}\n\n${modules
          .filter((one) => one.kind === kind)
          .map(link)
          .join('\n')}`,
    );
    return [`# ${words.modules}`, this.switchLanguage('modules/'), words.intro, ...parts].join('\n\n');
  }

  /**
   * Returns the line of links to the page in the other languages.
   * @param {string} path of the page, without its language
   */
  switchLanguage(path) {
    return LANGUAGES.map((language) => {
      const { language: name } = JSON.parse(readFileSync(new URL(`texts/${language}.json`, import.meta.url), 'utf8'));
      return language === this.language ? `**${name}**` : `[${name}](/${language === 'en' ? '' : `${language}/`}${path})`;
    }).join(' · ');
  }

  /** @param {Module} module */
  writeModule(module) {
    const { words, language } = this;
    const { manifest, kind } = module;
    const title = this.say(manifest.title, manifest.code);
    const picture = placePicture(language, manifest.code);
    if (!existsSync(join(sourceFolder, picture)))
      this.problems.push(`${manifest.code}: no picture in ${language}. Take them with \`npm run docs -- --pictures\``);
    const names = new Intl.DisplayNames(language, { type: 'region' });
    const countries = manifest.countries.map((/** @type {string} */ code) => names.of(code));
    const currencies = manifest.currencies?.length > LISTED ? undefined : manifest.currencies;
    return [
      `# ${title}`,
      this.switchLanguage(`modules/${manifest.code}`),
      [
        words.kinds[kind],
        `${words.countries}: ${this.list(countries)}`,
        ...(currencies ? [`${words.currencies}: ${currencies.join(', ')}`] : []),
      ].join('. '),
      `![${fillIn(words.picture, { title })}](/${picture})`,
      `## ${words.does}`,
      this.listAbilities(module),
      ...this.writeStart(module, title),
      ...this.writeSettings(manifest),
      ...this.writeManifest(manifest),
    ].join('\n\n');
  }

  /**
   * Joins the first values of a list.
   * @param {readonly string[]} values
   */
  list(values) {
    if (values.length <= LISTED) return values.join(', ') || this.words.anyCountry;
    return `${values.slice(0, LISTED).join(', ')} ${fillIn(this.words.more, { count: values.length - LISTED })}`;
  }

  /** @param {Module} module */
  listAbilities({ kind, manifest, provider }) {
    const isAble = (/** @type {string} */ name) =>
      name === 'statuses' ||
      name in provider ||
      manifest[name] === true ||
      manifest.events?.[name] ||
      manifest.captureModes?.includes(name);
    const lines = Object.entries(this.words.abilities[kind]).filter(([name]) => isAble(name));
    if (lines.length === 0) this.problems.push(`${manifest.code}: no ability is listed`);
    return lines.map(([, text]) => `- ${text}`).join('\n');
  }

  /**
   * @param {Module} module
   * @param {string} title
   */
  writeStart({ manifest, folder }, title) {
    const { words, language } = this;
    const steps = (manifest.firstSteps ?? []).map(
      (/** @type {any} */ step, /** @type {number} */ index) =>
        `${index + 1}. **${this.say(step.title, manifest.code)}.** ${this.say(step.text, manifest.code)}`,
    );
    const guide = join(root, folder, `guide/${language}.md`);
    const isOutside = folder.startsWith('libs/providers/');
    const key = existsSync(guide) ? readFileSync(guide, 'utf8').trim() : fillIn(words.noKey, { title });
    return [...(isOutside ? [`## ${words.key}`, key] : []), ...(steps.length > 0 ? [`## ${words.start}`, steps.join('\n')] : [])];
  }

  /** @param {any} manifest */
  writeSettings(manifest) {
    const { fields, sections } = this.buildForm(manifest.settings);
    const parts = sections.flatMap((/** @type {any} */ section) => [
      `### ${this.say(section.title, manifest.code)}`,
      this.writeFields(
        manifest.code,
        fields.filter((/** @type {any} */ field) => field.section === section.code),
      ),
    ]);
    return [`## ${this.words.settings}`, ...parts];
  }

  /**
   * @param {string} code of the module
   * @param {readonly any[]} fields
   */
  writeFields(code, fields) {
    /** @returns {string[]} */
    const toRows = (/** @type {any} */ field, /** @type {string} */ above) => {
      const where = `${code}, ${field.path}`;
      const title = `${above}${this.say(field.title, where)}`;
      const hint = field.hint ? `${this.say(field.hint, where)}. ` : '';
      const inner = (field.fields ?? field.item?.fields ?? []).flatMap((/** @type {any} */ one) => toRows(one, `${title} › `));
      return [`| **${title}** | ${hint}${this.describe(field, where)} |`, ...inner];
    };
    const { setting, enter } = this.words;
    return [`| ${setting} | ${enter} |`, '| --- | --- |', ...fields.flatMap((field) => toRows(field, ''))].join('\n');
  }

  /**
   * Describes the allowed values of a field.
   * @param {any} field
   * @param {string} where named if a text is missing
   */
  describe(field, where) {
    const { words } = this;
    const value = field.item && field.type === 'list' && !field.item.fields ? { ...field.item, ...field } : field;
    const name = (/** @type {any} */ choice) => this.say(choice.title, where);
    const choices = field.choices ?? field.item?.choices;
    const chosen = choices?.find((/** @type {any} */ choice) => choice.value === field.default);
    const preset =
      field.type === 'boolean' && typeof field.default === 'boolean' ? words[field.default ? 'yes' : 'no'] : chosen && name(chosen);
    return [
      this.describeType(value),
      ...(choices ? [fillIn(words.values, { list: this.list(choices.map(name)) })] : []),
      ...(field.unit ? [this.say(field.unit, where)] : []),
      ...(field.secret ? [words.secret] : []),
      ...(field.required && field.type !== 'list' && field.type !== 'group' ? [words.required] : []),
      ...(preset ? [fillIn(words.isDefault, { value: preset })] : []),
    ]
      .filter(Boolean)
      .join('; ');
  }

  /** @param {any} field */
  describeType({ type, min, max, maxLength, format, lookup, codesOf, moneyIn, isBasisPoints, fields, item }) {
    const { words } = this;
    if (type === 'boolean') return words.yesNo;
    if (type === 'list' && (fields ?? item?.fields)) return words.list;
    if (lookup ?? codesOf) return words.lookup;
    if (type === 'number' || type === 'integer') {
      const kind = moneyIn ? words.money : isBasisPoints ? words.percent : words.number;
      const scale = (/** @type {number} */ value) => (isBasisPoints ? value / 100 : value);
      const range = min === undefined ? (max === undefined ? '' : words.max) : max === undefined ? words.min : words.range;
      return moneyIn || !range ? kind : `${kind}, ${fillIn(range, { min: scale(min), max: scale(max) })}`;
    }
    if (format === 'email' || format === 'uri') return words[format];
    return maxLength === undefined ? '' : fillIn(words.length, { max: maxLength });
  }

  /** @param {any} manifest */
  writeManifest({ code, forms = [], dataFields = [], shipmentDataFields = [], statuses = [], modes = [] }) {
    const { words } = this;
    const SIGNS = ['isEditable', 'isPreprocessing', 'isError', 'isFinal'];
    const part = (/** @type {string} */ title, /** @type {string[]} */ lines) =>
      lines.length > 0 ? [`## ${title}`, lines.join('\n')] : [];
    const field = (/** @type {any} */ one) => `- **${this.say(one.label, code)}**${one.hint ? `: ${this.say(one.hint, code)}` : ''}`;
    return [
      ...part(
        words.forms,
        forms.map(
          (/** @type {any} */ form) => `- ${this.say(form.label, code)}, ${words[form.entity === 'order' ? 'ofOrder' : 'ofShipment']}`,
        ),
      ),
      ...part(words.fields, dataFields.filter((/** @type {any} */ one) => one.visible !== false).map(field)),
      ...part(words.shipmentFields, shipmentDataFields.filter((/** @type {any} */ one) => one.visible !== false).map(field)),
      ...part(
        words.modes,
        modes.map((/** @type {any} */ mode) => `- ${this.say(mode.name, code)}`),
      ),
      ...part(
        words.statuses,
        statuses.length === 0
          ? []
          : [
              `| ${words.status} | ${words.meaning} |`,
              '| --- | --- |',
              ...statuses.map(
                (/** @type {any} */ status) =>
                  `| ${this.say(status.name, code)} | ${SIGNS.filter((sign) => status[sign])
                    .map((sign) => words[sign])
                    .join('; ')} |`,
              ),
            ],
      ),
    ];
  }
}
