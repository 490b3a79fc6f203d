import { describe, expect, it } from '@jest/globals';
import { createSSRApp, defineComponent, h } from 'vue';
import { renderToString } from 'vue/server-renderer';
import { formatTime } from './format.js';
import { provideTimeZone, useTimeFormat } from './time-zone.js';

const AT = '2026-11-27T10:32:05Z';
const Moment = defineComponent(() => {
  const format = useTimeFormat();
  return () => format(AT);
});
/** Renders a moment below a component that sets this time zone. */
const render = (timeZone: string | undefined): Promise<string> =>
  renderToString(
    createSSRApp(
      defineComponent(() => {
        provideTimeZone(timeZone);
        return () => h(Moment);
      }),
    ),
  );

describe('a moment on a page', () => {
  it('is shown in the zone of its part of the page', async () => {
    expect(await render('Asia/Tokyo')).toBe(formatTime(AT, 'en', 'Asia/Tokyo'));
    expect(await render('America/Lima')).toBe(formatTime(AT, 'en', 'America/Lima'));
  });

  it('is shown in the reader’s own zone if the zone is missing or unknown to the browser', async () => {
    expect(await render(undefined)).toBe(formatTime(AT));
    expect(await render('Mars/Olympus')).toBe(formatTime(AT));
  });
});
