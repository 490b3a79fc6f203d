import { type Ref, ref } from 'vue';
import { ApiError } from '../../../api/client.js';

/** How often the bearer is renewed; it lasts an hour. Milliseconds. */
const RENEW_MS = 20 * 60_000;
/** After a renewal that failed. */
const RETRY_MS = 60_000;

/**
 * The bearer of the page's API, renewed while the page is open. It lives in memory only: in a frame of
 * another site, storage is partitioned or blocked.
 */
export class PageSession {
  private readonly ended = ref(false);
  private timer: ReturnType<typeof setTimeout> | undefined;
  private dueAt = Date.now() + RENEW_MS;

  /** `renew` asks for a further bearer, and throws ApiError when it is refused. */
  constructor(
    private bearer: string,
    private readonly renew: () => Promise<string>,
  ) {
    this.wait(RENEW_MS);
  }

  /** The bearer at this moment. */
  get token(): string {
    return this.bearer;
  }

  /** Whether it has ended for good: the page has to be opened from the CRM again. */
  get isEnded(): Readonly<Ref<boolean>> {
    return this.ended;
  }

  /** Told when a call was refused as unauthorised. */
  end(): void {
    clearTimeout(this.timer);
    this.ended.value = true;
  }

  /** Renews the bearer if its time has come; timers stand still while a computer sleeps. */
  async refresh(): Promise<void> {
    if (this.ended.value || Date.now() < this.dueAt) return;
    try {
      this.bearer = await this.renew();
      this.wait(RENEW_MS);
    } catch (error) {
      if (error instanceof ApiError && error.status === 401) this.end();
      else this.wait(RETRY_MS);
    }
  }

  private wait(ms: number): void {
    clearTimeout(this.timer);
    if (this.ended.value) return;
    this.dueAt = Date.now() + ms;
    this.timer = setTimeout(() => void this.refresh(), ms);
  }
}
