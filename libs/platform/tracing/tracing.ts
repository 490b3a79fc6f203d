/** What is told of a span: short texts and numbers, nothing of a buyer and no secret. */
export type Attributes = Readonly<Record<string, string | number>>;

/** A request that is being answered. */
export interface RequestSpan {
  /** Runs what belongs to the request: what it calls is traced below it. */
  run(work: () => void): void;
  end(status: number): void;
}

/**
 * What makes spans. The trace of a request follows from its number, which operations, inbox, outbox and jobs
 * have anyway: another process that works for it adds to the same trace.
 */
export interface Tracing {
  /** Begins the trace of a request. */
  beginRequest(request: string, name: string, attributes: Attributes): RequestSpan;
  /** Makes a span of `work`, below the one that runs; without any it only works. */
  span<Result>(name: string, attributes: Attributes, work: () => Promise<Result>): Promise<Result>;
  /** Runs a job. It is a span in the trace of its request, and in those that `spanFor` names meanwhile. */
  job<Result>(name: string, request: string | undefined, work: () => Promise<Result>): Promise<Result>;
  /** Makes a span of `work` in the trace of each of these requests, below the job that runs. */
  spanFor<Result>(
    requests: readonly (string | null | undefined)[],
    name: string,
    attributes: Attributes,
    work: () => Promise<Result>,
  ): Promise<Result>;
  /** Runs what belongs to nothing that is traced, whoever began it, such as a batch of many requests. */
  apart<Result>(work: () => Result): Result;
  /** Sends what has not been sent. */
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
  /** Of the process: crossdock-api or crossdock-worker. */
  readonly service: string;
  readonly version: string;
}
