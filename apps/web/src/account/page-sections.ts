import type { Component } from 'vue';
import type { Language } from '../kit/index.js';
import ConnectSection from './ConnectSection.vue';
import type { SectionState } from './form/form-state.js';
import FormSection from './FormSection.vue';
import type { PAGE_TEXTS } from './page-texts.js';
import type { Part } from './part.js';
import type { Start } from './start.js';

/** A part of the page that is opened by itself. */
export interface PageSection {
  /** Its address, after `#`. */
  readonly key: string;
  readonly title: string;
  readonly state: SectionState;
  readonly component: Component;
  readonly props?: Readonly<Record<string, unknown>>;
  /** Of a module of several providers: whose it is. */
  readonly group?: string;
}

type Say = (key: keyof typeof PAGE_TEXTS) => string;

/** Lists the sections of the page in their order; which there are follows from the module. */
export function listSections(_start: Start, parts: readonly Part[], language: Language, say: Say): PageSection[] {
  return parts.flatMap((part) => listPart(part, language, say));
}

/** Address of a section of a provider's settings. */
export function toKey({ provider }: Pick<Part, 'provider'>, section: string): string {
  return provider === undefined ? section : `${provider}.${section}`;
}

function listPart(part: Part, language: Language, say: Say): PageSection[] {
  const { form, missing, service } = part.settings;
  const common = part.provider === undefined ? {} : { group: part.title };
  const [own] = form.sections.value.filter(({ code }) => code === 'connect');
  const isWrong = form.states.value.connect === 'error' || service.value?.check?.state === 'errors' || service.value?.state === 'failed';
  const isOpen = missing.value !== undefined || ['conflict', 'manual'].includes(service.value?.state ?? '');
  return [
    {
      ...common,
      key: toKey(part, 'connect'),
      title: own?.title[language] ?? say('connect'),
      state: isWrong ? 'error' : isOpen ? 'todo' : (form.states.value.connect ?? 'done'),
      component: ConnectSection,
      props: { part },
    },
    ...form.sections.value
      .filter(({ code }) => code !== 'connect')
      .map(({ code, title }) => ({
        ...common,
        key: toKey(part, code),
        title: title[language],
        state: form.states.value[code] ?? 'empty',
        component: FormSection,
        props: { part, code, title: title[language] },
      })),
  ];
}
