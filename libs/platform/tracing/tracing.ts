/** Attributes of a span: short texts and numbers, without buyers' data or secrets. */
export type Attributes = Readonly<Record<string, string | number>>;

/** A request in progress. */
export interface RequestSpan {
  /** Runs the work of the request: its calls are traced below it. */
  run(work: () => void): void;
  end(status: number): void;
}

/**
 * Makes spans. The trace of a request follows from its number, which operations, inbox, outbox and jobs have
 * anyway: another process that works for it adds to the same trace.
 */
export interface Tracing {
  /** Begins the trace of a request. */
  beginRequest(request: string, name: string, attributes: Attributes): RequestSpan;
  /** Makes a span of `work`, below the running span. Only runs `work` if there is no running span. */
  span<Result>(name: string, attributes: Attributes, work: () => Promise<Result>): Promise<Result>;
  /**
   * Runs a job. It is a span in the trace of its request, and in the traces that `spanFor` adds meanwhile.
   */
  job<Result>(name: string, request: string | undefined, work: () => Promise<Result>): Promise<Result>;
  /** Makes a span of `work` in the trace of each of these requests, below the job that runs. */
  spanFor<Result>(
    requests: readonly (string | null | undefined)[],
    name: string,
    attributes: Attributes,
    work: () => Promise<Result>,
  ): Promise<Result>;
  /**
   * Runs work that belongs to no trace, even if a traced caller began it, such as a batch of many requests.
   */
  apart<Result>(work: () => Result): Result;
  /** Sends the spans that have not been sent. */
  stop(): Promise<void>;
}

/** Where spans go. */
export interface TracingOptions {
  /** Base URL of an OTLP/HTTP collector. */
  readonly endpoint: string;
  /** Headers of each export, such as a collector's token. */
  readonly headers: Readonly<Record<string, string>>;
  /** Share of the requests that are traced, from 0 to 1. */
  readonly share: number;
  /** Name of the process: crossdock-api or crossdock-worker. */
  readonly service: string;
  readonly version: string;
}
