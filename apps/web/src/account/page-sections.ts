import type { Component } from 'vue';
import { type Language, loadWhenShown, textIn } from '../kit/index.js';
import type { Schemas } from './api.js';
import ConnectSection from './ConnectSection.vue';
import type { SectionState } from './form/form-state.js';
import FormSection from './FormSection.vue';
import { toTone } from './health/health-tone.js';
import type { Overview } from './health/use-overview.js';
import type { PAGE_TEXTS } from './page-texts.js';
import { nameApart } from './name-apart.js';
import { hasConnection, isWhole, type Part } from './part.js';
import type { Rules } from './rules/use-rules.js';
import type { Start } from './start.js';

const HealthPanel = loadWhenShown(() => import('./health/HealthPanel.vue'));
const InstancesPanel = loadWhenShown(() => import('./instances/InstancesPanel.vue'));
const BookingsPanel = loadWhenShown(() => import('./bookings/BookingsPanel.vue'));
const MoneyPanel = loadWhenShown(() => import('./money/MoneyPanel.vue'));
const RulesSection = loadWhenShown(() => import('./rules/RulesSection.vue'));
const WidgetsPanel = loadWhenShown(() => import('./widgets/WidgetsPanel.vue'));

/** A section of the page. One section is open at a time. */
export interface PageSection {
  /** The section's slug in the page URL, after `#`. */
  readonly key: string;
  readonly title: string;
  readonly state: SectionState;
  readonly component: Component;
  readonly props?: Readonly<Record<string, unknown>>;
  /** Name of the provider. Only for modules with several providers. */
  readonly group?: string;
}

type Problems = Schemas['AccountOverview']['problems'];
type Say = (key: keyof typeof PAGE_TEXTS) => string;

/** The contents of the page in addition to the settings of its providers. */
export interface PageParts {
  readonly parts: readonly Part[];
  readonly rules: Rules | undefined;
  readonly overview: Overview;
}

/** Lists the sections of the page in their order. The module decides which sections exist. */
export function listSections(
  { hasInstances, hasWidgetActions, hasMoney }: Start,
  { parts, rules, overview }: PageParts,
  language: Language,
  say: Say,
): PageSection[] {
  const { health, problems = [] } = overview.query.data.value ?? {};
  const found: PageSection[] = [
    ...parts.flatMap((part) => listPart(part, rules !== undefined, problems, language, say)),
    ...(rules ? [{ key: 'rules', title: say('rules'), state: readRulesState(rules), component: RulesSection, props: { rules } }] : []),
    {
      key: 'health',
      title: say('health'),
      state: health ? HEALTH_STATES[toTone(health.state)] : 'empty',
      component: HealthPanel,
      props: { overview },
    },
    ...(hasMoney
      ? [
          { key: 'money', title: say('money'), state: 'empty' as const, component: MoneyPanel },
          { key: 'bookings', title: say('bookings'), state: 'empty' as const, component: BookingsPanel },
        ]
      : []),
    ...(hasWidgetActions ? [{ key: 'widgets', title: say('widgets'), state: 'empty' as const, component: WidgetsPanel }] : []),
    ...(hasInstances ? [{ key: 'instances', title: say('instances'), state: 'empty' as const, component: InstancesPanel }] : []),
  ];
  return nameApart(found);
}

const HEALTH_STATES = { good: 'done', warn: 'error', bad: 'error', info: 'empty' } as const;

/** Returns the state of rules. They are optional, so they are never marked as done. */
function readRulesState({ settings: { form } }: Rules): SectionState {
  const states = Object.values(form.states.value);
  return states.includes('error') ? 'error' : states.includes('todo') ? 'todo' : 'empty';
}

/** Returns the slug of a section of a provider's settings. */
export function toKey({ provider, settings }: Pick<Part, 'provider' | 'settings'>, section: string): string {
  const code = isWhole(settings.form) ? 'connect' : section;
  return provider === undefined ? code : `${provider}.${code}`;
}

/** Whether a provider's service is unavailable or rejects the account. */
function isServiceFaulty({ provider }: Part, problems: Problems): boolean {
  return problems.some(
    ({ state, provider: whose }) =>
      (state === 'service-away' || state === 'credentials-refused') && (provider === undefined || whose === provider),
  );
}

function listPart(part: Part, hasRules: boolean, problems: Problems, language: Language, say: Say): PageSection[] {
  const { form, missing, service } = part.settings;
  const common = part.provider === undefined ? {} : { group: part.title };
  const whole = isWhole(form);
  const own = form.sections.value.find(({ code }) => code === 'connect');
  const entered = form.states.value[whole ? 'general' : 'connect'];
  const isWrong =
    isServiceFaulty(part, problems) || entered === 'error' || service.value?.check?.state === 'errors' || service.value?.state === 'failed';
  const isOpen = missing.value !== undefined || ['conflict', 'manual'].includes(service.value?.state ?? '');
  const findPlace = (code: string): { key: string; title: string } | undefined => {
    if (code === 'rules') return hasRules ? { key: 'rules', title: say('rules') } : undefined;
    const found = form.sections.value.find((section) => section.code === code);
    if (found) return { key: toKey(part, code), title: textIn(found.title, language) };
    return code === 'connect' ? { key: toKey(part, 'connect'), title: say('connect') } : undefined;
  };
  // A section with an open first step is to do.
  const stateOf = (code: string, state: SectionState): SectionState =>
    state !== 'error' && part.steps.data.value?.some(({ section, isDone }) => section === code && !isDone) ? 'todo' : state;
  const connect: PageSection = {
    ...common,
    key: toKey(part, 'connect'),
    title: textIn(own?.title, language) ?? say('connect'),
    state: isWrong ? 'error' : stateOf('connect', isOpen ? 'todo' : (entered ?? 'done')),
    component: ConnectSection,
    props: { part, findPlace },
  };
  return [
    ...(hasConnection(part) ? [connect] : []),
    ...form.sections.value
      .filter(({ code }) => !whole && code !== 'connect')
      .map(({ code, title }) => ({
        ...common,
        key: toKey(part, code),
        title: textIn(title, language),
        state: stateOf(code, form.states.value[code] ?? 'empty'),
        component: FormSection,
        props: { part, code, title: textIn(title, language) },
      })),
  ];
}
