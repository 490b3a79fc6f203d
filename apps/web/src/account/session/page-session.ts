import { type Ref, ref } from 'vue';
import { ApiError } from '../../../api/client.js';

/** Milliseconds between renewals of the bearer, which lasts an hour. */
const RENEW_MS = 20 * 60_000;
/** Milliseconds before the next attempt after a failed renewal. */
const RETRY_MS = 60_000;

/**
 * The bearer of the page's API, renewed while the page is open. It is kept only in memory, because in a frame
 * of another site storage is partitioned or blocked.
 */
export class PageSession {
  private readonly ended = ref(false);
  private timer: ReturnType<typeof setTimeout> | undefined;
  private dueAt = Date.now() + RENEW_MS;

  /** `renew` requests a new bearer. It throws `ApiError` if the request is rejected. */
  constructor(
    private bearer: string,
    private readonly renew: () => Promise<string>,
  ) {
    this.wait(RENEW_MS);
  }

  /** The current bearer. */
  get token(): string {
    return this.bearer;
  }

  /** Whether the session has ended for good, so that the page must be opened from the CRM again. */
  get isEnded(): Readonly<Ref<boolean>> {
    return this.ended;
  }

  /** Ends the session after a call was rejected as unauthorized. */
  end(): void {
    clearTimeout(this.timer);
    this.ended.value = true;
  }

  /** Renews the bearer if it is due. Timers do not run while a computer sleeps. */
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
