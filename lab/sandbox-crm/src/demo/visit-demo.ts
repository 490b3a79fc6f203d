import { randomBytes } from 'node:crypto';
import { onlineLines, visitLines } from '../cli/chat-output.js';
import data from '../data/demo.json' with { type: 'json' };
import { type JsonObject, asList, asObject, asObjects, asText, parseJson } from '../json.js';
import type { DemoRun } from './demo-run.js';

const { site: SITE, browser: BROWSER, pages: PAGES } = data.visit;

/** Milliseconds that the module may continue with its previous settings. */
const SETTINGS_PATIENCE = 10_000;

/** The reply to a beacon. */
interface Answer {
  readonly status: number;
  readonly text: string;
}

/**
 * The demo of a web visits module: a visitor without consent leaves no trace. A visitor with consent appears
 * next to their chat and is erased on request.
 */
export class VisitDemo {
  private readonly visitor = randomBytes(16).toString('hex');
  private readonly ids = { externalChatId: `chat-${this.visitor.slice(0, 8)}`, externalUserId: `user-${this.visitor.slice(0, 8)}` };
  private beacons = '';

  constructor(private readonly demo: DemoRun) {}

  /** Runs the demo. Returns lines for the summary. */
  async run(): Promise<string[]> {
    this.demo.title('Before anybody came');
    await this.expectNothing();
    if (this.demo.options.operatorToken === undefined) {
      this.demo.title("No visit: give --operator-token (or OPERATOR_TOKEN) to name the shop's site in the module's settings");
      return ['no visit'];
    }
    if (!(await this.prepareSite())) return ['no visit'];
    await this.refuseWithoutConsent();
    const seen = await this.visit();
    await this.erase();
    return [`a visit of ${seen} pages, forgotten at the end`];
  }

  /** Adds the shop's site to the settings and checks that the script is served. */
  private async prepareSite(): Promise<boolean> {
    this.demo.title(`The shop's site ${SITE} in the module's settings`);
    const connection = (await this.demo.connectionId()) ?? '';
    const { sites } = await this.demo.readSettings();
    if (!(await this.demo.saveSettings({ sites: [...new Set([...asList(sites), SITE])] }))) return false;
    this.beacons = `${this.demo.moduleUrl}/visits/${connection}`;
    const script = `${this.demo.moduleUrl}/visits.js?connection=${connection}`;
    const answer = await fetch(script);
    if (answer.status !== 200) this.demo.problems.push(`the script ${script} answers HTTP ${answer.status}`);
    this.demo.line(`  its pages load ${script} (${(await answer.text()).length} bytes)`);
    return true;
  }

  private async refuseWithoutConsent(): Promise<void> {
    this.demo.title('A page without the consent of its visitor');
    const page = { type: 'page', ...this.pageFields(0) };
    // 403: the site is not known yet.
    const look = async (): Promise<Answer | undefined> => {
      const found = await this.send(page);
      return found.status === 403 ? undefined : found;
    };
    const answer = (await this.demo.until(look, Math.min(SETTINGS_PATIENCE, this.demo.options.wait))) ?? (await this.send(page));
    if (answer.status !== 400) this.demo.problems.push(`a page without consent was answered ${answer.status}, not 400`);
    this.demo.line(`  is refused: ${answer.status} ${answer.text}`);
    await this.expectNothing();
  }

  /** Visits two pages and the chat. Returns the number of pages that the module reports. */
  private async visit(): Promise<number> {
    this.demo.title('The visitor agrees, looks at two pages, and opens the chat on the second');
    for (const index of PAGES.keys())
      await this.keep({ type: 'page', consent: true, ...this.pageFields(index), ...(index === PAGES.length - 1 ? this.ids : {}) });
    const online = await this.ask('online');
    this.demo.lines(onlineLines(online));
    if (online['lastOnline'] === undefined) this.demo.problems.push('online: the customer was just there, and the module does not know it');
    const visits = await this.ask('visits');
    this.demo.lines(visitLines(visits));
    const pages = asObjects(asObject(visits['lastVisit'])['pages']);
    const urls = pages.map((page) => page['url']);
    if (JSON.stringify(urls) !== JSON.stringify(PAGES.map(({ path }) => `${SITE}${path}`)))
      this.demo.problems.push(`visits: the pages should be the two that were seen, not ${JSON.stringify(urls)}`);
    if (visits['countVisits'] !== 1) this.demo.problems.push(`visits: this was one visit, not ${String(visits['countVisits'])}`);
    if (asObject(visits['utm'])['source'] !== 'mail') this.demo.problems.push('visits: the campaign of the first page is not told');
    return pages.length;
  }

  private async erase(): Promise<void> {
    this.demo.title('He wants to be forgotten');
    await this.keep({ type: 'erase', visitor: this.visitor });
    await this.expectNothing();
  }

  private async expectNothing(): Promise<void> {
    const online = await this.ask('online');
    const visits = await this.ask('visits');
    this.demo.lines([...onlineLines(online), ...visitLines(visits)]);
    if (online['lastOnline'] !== undefined || visits['countVisits'] !== 0)
      this.demo.problems.push('the module knows of a visitor of whom nothing may be known');
  }

  /** Sends a beacon that must be accepted. */
  private async keep(beacon: JsonObject): Promise<void> {
    const answer = await this.send(beacon);
    if (answer.status !== 204)
      this.demo.problems.push(`the beacon "${String(beacon['type'])}" was answered ${answer.status}: ${answer.text}`);
  }

  /** Sends a beacon like a page of the shop does. */
  private async send(beacon: JsonObject): Promise<Answer> {
    const answer = await fetch(this.beacons, {
      method: 'POST',
      headers: { origin: SITE, 'content-type': 'text/plain', 'user-agent': BROWSER },
      body: JSON.stringify(beacon),
    });
    const text = await answer.text();
    return { status: answer.status, text: asText(asObject(parseJson(text))['errorMsg']) ?? text };
  }

  private pageFields(index: number): JsonObject {
    const { path = '/', title = '' } = PAGES[index] ?? {};
    return { visitor: this.visitor, url: `${SITE}${path}`, title, referrer: '', lang: 'ru-RU' };
  }

  private async ask(callback: 'online' | 'visits'): Promise<JsonObject> {
    const { externalUserId: user, externalChatId: chat } = this.ids;
    return asObject((await this.demo.callback(callback, callback === 'online' ? { user } : { chat }))['body']);
  }
}
