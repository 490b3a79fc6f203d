import { expect, it } from '@jest/globals';
import { createSSRApp, defineComponent, h, ref } from 'vue';
import { renderToString } from 'vue/server-renderer';
import { provideLanguage, useTexts } from './language.js';

const TEXTS = { saved: { en: '{name} is saved', es: '{name} se guardó', ru: '{name}: сохранено' } };

it.each([
  ['en', 'Box is saved'],
  ['es', 'Box se guardó'],
  ['ru', 'Box: сохранено'],
] as const)('texts are in the page’s language (%s)', async (language, text) => {
  const Child = defineComponent(() => {
    const say = useTexts(TEXTS);
    return () => say('saved', { name: 'Box' });
  });
  const Page = defineComponent(() => {
    provideLanguage(ref(language));
    return () => h(Child);
  });
  expect(await renderToString(createSSRApp(Page))).toBe(text);
});
