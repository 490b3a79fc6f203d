import type { Environment } from '../config/index.js';
import { readVersion } from '../metrics/build-info.js';
import type { Tracing } from './tracing.js';

/** This process's tracing. Undefined while it is off, which then costs one look. */
let current: Tracing | undefined;

/** Returns the tracing that makes spans, or undefined while tracing is off. */
export function getTracing(): Tracing | undefined {
  return current;
}

/**
 * Starts tracing for the whole process where a collector is set. The packages that do it are loaded here and
 * nowhere else.
 * @param name of the process: api or worker
 */
export async function startTracing(environment: Environment, name: string): Promise<void> {
  const { OTEL_EXPORTER_OTLP_ENDPOINT: endpoint, OTEL_TRACES_SAMPLER_ARG: share, traceHeaders: headers } = environment;
  if (!endpoint || current) return;
  const { OpenTelemetry } = await import('./open-telemetry.js');
  current = new OpenTelemetry({ endpoint, headers, share, service: `crossdock-${name}`, version: readVersion() });
}

/** Sends the last spans. Never fails. */
export async function stopTracing(): Promise<void> {
  await current?.stop();
}
