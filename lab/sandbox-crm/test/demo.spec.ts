import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ControlClient } from '../src/cli/control-client.js';
import { runDemo } from '../src/demo/demo.js';
import { SandboxBench } from './sandbox-bench.js';
import { StandInModule } from './stand-in-module.js';

describe('the demo', () => {
  const bench = new SandboxBench();
  const module = new StandInModule();
  const run = async (operatorToken?: string): Promise<{ code: number; text: string }> => {
    const lines: string[] = [];
    const code = await runDemo(new ControlClient(bench.url, 'default'), {
      module: module.code,
      moduleUrl: module.url,
      secret: module.secret,
      operatorToken,
      wait: 2000,
      print: (line) => lines.push(line),
    });
    return { code, text: lines.join('\n') };
  };

  beforeAll(async () => {
    await bench.start();
    await module.listen();
  });

  afterAll(async () => {
    await bench.stop();
    await module.close();
  });

  it('goes the whole path with any module that keeps the contract', async () => {
    const { code, text } = await run(module.operatorToken);
    expect(text).toContain('All went as the contract says.');
    expect(code).toBe(0);
    expect(text).toContain('Кузнецова');
    expect(text).toContain('older than the last');
    expect(text).toContain('(deleted)');
    expect(module.deliveries).toHaveLength(12);
  });

  it('fails when the module makes a delivery twice, or breaks the contract', async () => {
    module.wrong.set('tariffList', { status: 200, body: { success: true, result: [{ code: 'door', name: 'Door', type: 'plane' }] } });
    const broken = await run();
    expect(broken.code).toBe(2);
    expect(broken.text).toContain('AGAINST THE CONTRACT');
    module.wrong.clear();
    module.wrong.set('save', { status: 503, body: { success: false, errorMsg: 'Closed' } });
    const refused = await run();
    expect(refused.code).toBe(1);
    expect(refused.text).toContain('503 Closed');
    module.wrong.clear();
  });
});
