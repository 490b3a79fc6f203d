import { createServer, type Server } from 'node:http';
import { json } from 'node:stream/consumers';

/** A span as OTLP's JSON has it, its attributes by name. */
export interface CollectedSpan {
  service: string;
  traceId: string;
  spanId: string;
  parentSpanId: string | undefined;
  name: string;
  startNs: bigint;
  endNs: bigint;
  attributes: Record<string, unknown>;
}

interface Attribute {
  key: string;
  value: Record<string, unknown>;
}

interface Export {
  resourceSpans: {
    resource: { attributes: Attribute[] };
    scopeSpans: {
      spans: (Record<'traceId' | 'spanId' | 'name' | 'startTimeUnixNano' | 'endTimeUnixNano', string> & {
        parentSpanId?: string;
        attributes: Attribute[];
      })[];
    }[];
  }[];
}

/** A double of a collector of traces: OTLP over HTTP, JSON. */
export class TraceCollector {
  readonly spans: CollectedSpan[] = [];
  /** The `authorization` of each export. */
  readonly tokens: (string | undefined)[] = [];

  private constructor(private readonly server: Server) {}

  static async start(): Promise<TraceCollector> {
    const server = createServer();
    const collector = new TraceCollector(server);
    server.on('request', (request, reply) => {
      if (request.url !== '/v1/traces' || request.headers['content-type'] !== 'application/json') {
        reply.writeHead(400).end();
        return;
      }
      collector.tokens.push(request.headers.authorization);
      void json(request).then((body) => {
        collector.take(body as Export);
        reply.setHeader('content-type', 'application/json').end('{}');
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return collector;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as { port: number }).port}`;
  }

  /** The spans of the trace that a request began. */
  traceOf(request: string): CollectedSpan[] {
    const root = this.spans.find((span) => span.attributes['crossdock.request'] === request && span.parentSpanId === undefined);
    return this.spans.filter((span) => span.traceId === root?.traceId);
  }

  close(): void {
    this.server.closeAllConnections();
    this.server.close();
  }

  private take({ resourceSpans }: Export): void {
    for (const { resource, scopeSpans } of resourceSpans)
      for (const { spans } of scopeSpans)
        for (const { traceId, spanId, parentSpanId, name, startTimeUnixNano, endTimeUnixNano, attributes } of spans)
          this.spans.push({
            service: String(toRecord(resource.attributes)['service.name']),
            ...{ traceId, spanId, parentSpanId: parentSpanId || undefined, name },
            startNs: BigInt(startTimeUnixNano),
            endNs: BigInt(endTimeUnixNano),
            attributes: toRecord(attributes),
          });
  }
}

function toRecord(attributes: readonly Attribute[]): Record<string, unknown> {
  return Object.fromEntries(attributes.map(({ key, value }) => [key, Object.values(value)[0]]));
}
