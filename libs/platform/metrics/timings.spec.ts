import { describe, expect, it } from '@jest/globals';
import { Registry } from 'prom-client';
import { Timings } from './timings.js';

describe('timings', () => {
  it('are complete whenever the metrics are read', async () => {
    const registry = new Registry();
    const timings = new Timings({
      ...{ name: 'call_seconds', help: 'Calls', labelNames: ['call', 'outcome'], buckets: [0.1, 1] },
      registers: [registry],
    });
    for (let call = 0; call < 300; call++) timings.observe(0.5, 'save', 'ok');
    timings.observe(0.05, 'save', 'error');

    const text = await registry.metrics();
    expect(text).toContain('call_seconds_count{call="save",outcome="ok"} 300');
    expect(text).toContain('call_seconds_bucket{le="0.1",call="save",outcome="ok"} 0');
    expect(text).toContain('call_seconds_bucket{le="1",call="save",outcome="ok"} 300');
    expect(text).toContain('call_seconds_bucket{le="0.1",call="save",outcome="error"} 1');

    timings.observe(0.5, 'save', 'ok');
    expect(await registry.metrics()).toContain('call_seconds_count{call="save",outcome="ok"} 301');
  });
});
