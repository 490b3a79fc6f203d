import { AsyncLocalStorage } from 'node:async_hooks';
import { createHash } from 'node:crypto';
import { type Context, ROOT_CONTEXT, type Span, SpanKind, SpanStatusCode, trace, TraceFlags, type Tracer } from '@opentelemetry/api';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { resourceFromAttributes } from '@opentelemetry/resources';
import {
  BatchSpanProcessor,
  ParentBasedSampler,
  RandomIdGenerator,
  SamplingDecision,
  TraceIdRatioBasedSampler,
  TracerProvider,
} from '@opentelemetry/sdk-trace';
import { Logger } from '@nestjs/common';
import { errorText } from '../errors/index.js';
import { traceDatabase } from './database-spans.js';
import type { Attributes, RequestSpan, Tracing, TracingOptions } from './tracing.js';

/** Requests whose traces one call of a batch is shown in. */
const MOST_TRACES = 20;
/** Milliseconds that the collector has when the process ends. */
const END_MS = 3_000;

/** A job that runs, and its span in each trace that it turned out to work for. */
interface RunningJob {
  readonly name: string;
  readonly startedAt: Date;
  readonly spans: Map<string, Span>;
}

/** The running work. */
interface Scope {
  readonly span?: Span | undefined;
  readonly job?: RunningJob | undefined;
}

/** Trace and span of a request's beginning, which follow from its number. */
interface Beginning {
  readonly traceId: string;
  readonly spanId: string;
}

/** Spans by OpenTelemetry's SDK, without its global state and automatic instrumentation. */
export class OpenTelemetry implements Tracing {
  private readonly scope = new AsyncLocalStorage<Scope>();
  private readonly random = new RandomIdGenerator();
  private readonly sampler: TraceIdRatioBasedSampler;
  private readonly provider: TracerProvider;
  private readonly tracer: Tracer;
  /** The request of the span that is being started, when it begins one. */
  private beginning: Beginning | undefined;

  constructor({ endpoint, headers, share, service, version }: TracingOptions) {
    this.sampler = new TraceIdRatioBasedSampler(share);
    const exporter = new OTLPTraceExporter({ url: `${endpoint.replace(/\/+$/, '')}/v1/traces`, headers });
    this.provider = new TracerProvider({
      resource: resourceFromAttributes({ 'service.name': service, 'service.version': version }),
      sampler: new ParentBasedSampler({ root: this.sampler }),
      idGenerator: {
        generateTraceId: () => this.beginning?.traceId ?? this.random.generateTraceId(),
        generateSpanId: () => this.beginning?.spanId ?? this.random.generateSpanId(),
      },
      spanProcessors: [new BatchSpanProcessor({ exporter, scheduledDelayMillis: 1_000 })],
    });
    this.tracer = this.provider.getTracer('crossdock');
    traceDatabase({
      bind: (callback) => this.bind(callback),
      begin: (name, attributes) => {
        const parent = this.scope.getStore()?.span;
        return parent && this.tracer.startSpan(name, { kind: SpanKind.CLIENT, attributes }, toContext(parent));
      },
    });
  }

  beginRequest(request: string, name: string, attributes: Attributes): RequestSpan {
    this.beginning = findBeginning(request);
    const options = { kind: SpanKind.SERVER, attributes: { ...attributes, 'crossdock.request': request }, root: true };
    const span = this.tracer.startSpan(name, options, ROOT_CONTEXT);
    this.beginning = undefined;
    return {
      run: (work) => this.scope.run({ span }, work),
      end: (status) => {
        span.setAttribute('http.response.status_code', status);
        if (status >= 500) span.setStatus({ code: SpanStatusCode.ERROR });
        span.end();
      },
    };
  }

  span<Result>(name: string, attributes: Attributes, work: () => Promise<Result>): Promise<Result> {
    const { span: parent, job } = this.scope.getStore() ?? {};
    if (!parent) return work();
    const span = this.tracer.startSpan(name, { kind: SpanKind.CLIENT, attributes }, toContext(parent));
    return this.scope.run({ span, job }, () => end([span], work));
  }

  async job<Result>(name: string, request: string | undefined, work: () => Promise<Result>): Promise<Result> {
    const job: RunningJob = { name, startedAt: new Date(), spans: new Map() };
    const span = request === undefined ? undefined : this.findJobSpan(job, request);
    return this.scope.run({ span, job }, async () => {
      try {
        return await work();
      } catch (error) {
        for (const one of job.spans.values()) markFailed(one, error);
        throw error;
      } finally {
        for (const one of job.spans.values()) one.end();
      }
    });
  }

  spanFor<Result>(
    requests: readonly (string | null | undefined)[],
    name: string,
    attributes: Attributes,
    work: () => Promise<Result>,
  ): Promise<Result> {
    const job = this.scope.getStore()?.job;
    const known = [...new Set(requests)].filter((request) => request !== undefined && request !== null).slice(0, MOST_TRACES);
    const spans = known.map((request) => {
      const parent = job ? toContext(this.findJobSpan(job, request)) : this.toRequest(request);
      return this.tracer.startSpan(name, { kind: SpanKind.CLIENT, attributes }, parent);
    });
    if (spans.length === 0) return work();
    return this.scope.run({ span: spans[0], job }, () => end(spans, work));
  }

  apart<Result>(work: () => Result): Result {
    return this.scope.run({}, work);
  }

  async stop(): Promise<void> {
    const over = new Promise<void>((resolve) => setTimeout(resolve, END_MS).unref());
    await Promise.race([this.provider.forceFlush(), over]).catch((error: unknown) =>
      new Logger('traces').warn(`the last spans were not sent: ${errorText(error)}`),
    );
  }

  private findJobSpan(job: RunningJob, request: string): Span {
    const known = job.spans.get(request);
    if (known) return known;
    const options = { kind: SpanKind.CONSUMER, startTime: job.startedAt, attributes: { 'crossdock.request': request } };
    const span = this.tracer.startSpan(`job ${job.name}`, options, this.toRequest(request));
    job.spans.set(request, span);
    return span;
  }

  /** All processes that work for a request decide alike whether it is traced. */
  private toRequest(request: string): Context {
    const beginning = findBeginning(request);
    const isTraced = this.sampler.shouldSample(ROOT_CONTEXT, beginning.traceId).decision === SamplingDecision.RECORD_AND_SAMPLED;
    return trace.setSpanContext(ROOT_CONTEXT, {
      ...beginning,
      isRemote: true,
      traceFlags: isTraced ? TraceFlags.SAMPLED : TraceFlags.NONE,
    });
  }

  /** A callback that runs in the present scope, for any caller. */
  private bind<Arguments extends unknown[]>(callback: (...args: Arguments) => void): (...args: Arguments) => void {
    const scope = this.scope.getStore();
    return scope ? (...args) => this.scope.run(scope, () => callback(...args)) : callback;
  }
}

function findBeginning(request: string): Beginning {
  const hash = createHash('sha256').update(`crossdock ${request}`).digest('hex');
  return { traceId: hash.slice(0, 32), spanId: hash.slice(32, 48) };
}

function toContext(parent: Span): Context {
  return trace.setSpan(ROOT_CONTEXT, parent);
}

async function end<Result>(spans: readonly Span[], work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    for (const span of spans) markFailed(span, error);
    throw error;
  } finally {
    for (const span of spans) span.end();
  }
}

/** Records the kind of the error: messages may quote a buyer's text. */
function markFailed(span: Span, error: unknown): void {
  const { kind, code, name } = (error ?? {}) as { kind?: unknown; code?: unknown; name?: unknown };
  span.setAttribute('error.type', String(kind ?? code ?? name));
  span.setStatus({ code: SpanStatusCode.ERROR });
}
