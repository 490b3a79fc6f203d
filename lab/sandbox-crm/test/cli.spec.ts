import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createProgram } from '../src/cli/program.js';
import { readEnvironment } from '../src/environment.js';
import { SandboxBench, freePort } from './sandbox-bench.js';
import { StandInModule } from './stand-in-module.js';

describe('the command line', () => {
  const bench = new SandboxBench();
  const module = new StandInModule();
  const folder = mkdtempSync(join(tmpdir(), 'sandbox-cli-'));

  async function run(...words: string[]): Promise<{ readonly text: string; readonly code: number }> {
    const lines: string[] = [];
    let code = 0;
    const program = createProgram(readEnvironment({}), { print: (text) => lines.push(text), exit: (value) => (code = value) });
    await program.parseAsync(['node', 'sandbox', '--sandbox', bench.url, '--module', 'stand-in', ...words]);
    return { text: lines.join('\n'), code };
  }

  beforeAll(async () => {
    await bench.start();
    await module.listen();
  });

  afterAll(async () => {
    await bench.stop();
    await module.close();
    rmSync(folder, { recursive: true, force: true });
  });

  it('does each step by hand', async () => {
    const connected = await run('connect', 'stand-in', '--module-url', module.url);
    expect(connected).toMatchObject({ code: 0, text: expect.stringContaining('Connected "stand-in"') });
    // Connects again without an address, which is its last one. Another module gets an address next to it.
    expect((await run('connect', 'stand-in')).code).toBe(0);
    expect(await run('connect', 'other')).toMatchObject({ code: 1, text: expect.stringContaining('refused (HTTP 403)') });
    expect((await run('orders')).text).toContain('orders create --demo');
    expect((await run('orders', 'create', '--demo')).text.split('\n')).toHaveLength(12);
    expect((await run('calculate', '1')).text).toContain('To the door');
    expect((await run('save', '1', '--tariff', 'point', '--point', 'P1', '--extra', 'gate=5')).text).toContain('delivery D1, track T1000');
    expect((await run('--multipart', 'save', '1A', '--repeat')).text).toContain('delivery D1');
    expect((await run('get', '--delivery-id', 'D1')).text).toContain('"tariff": "point"');
    const file = join(folder, 'label.pdf');
    expect((await run('print', '1', '--form', 'label', '--out', file)).code).toBe(0);
    expect(readFileSync(file, 'utf8')).toContain('%PDF-');
    expect((await run('shipment', '1')).text).toContain('shipment S1');
    expect((await run('print', '--shipments', 'S1', '--form', 'manifest')).code).toBe(0);
    expect((await run('shipment-delete', 'S1')).code).toBe(0);
    expect((await run('points', '--country', 'ES')).text).toContain('Depot');
    expect((await run('tariffs')).text).toContain('door');
    expect((await run('autocomplete', 'Ñ')).text).toContain('Gate for Ñ');
    await module.track([{ deliveryId: 'D1', history: [{ code: 'transit', updatedAt: '2026-01-01T10:00:00+00:00', comment: 'Left' }] }]);
    expect((await run('statuses', '1')).text).toMatch(/transit {2}"Left" {2}tracking #\d+/);
    expect((await run('activity', '--no-active')).code).toBe(0);
    expect((await run('settings', '--timezone', 'Europe/Madrid', '--day-off', '12.25')).text).toContain('settings: ok');
    expect((await run('settings')).text).toContain('12.25');
    expect((await run('faults', '503', '--times', '2')).text).toContain('"times":2');
    expect((await run('faults', 'off')).text).toBe('The API behaves.');
    expect((await run('exchanges', '--name', 'save', '--bodies')).text).toContain('"payerType"');
    expect((await run('delete', '1')).code).toBe(0);
    expect((await run('reset')).code).toBe(0);
  });

  it('takes the operator token that npm run up keeps, unless one is set', () => {
    expect(readEnvironment({ DATA_DIR: folder }).operatorToken).toBeUndefined();
    writeFileSync(join(folder, 'operator-token'), 'kept\n');
    expect(readEnvironment({ DATA_DIR: folder }).operatorToken).toBe('kept');
    expect(readEnvironment({ DATA_DIR: folder, OPERATOR_TOKEN: 'set' }).operatorToken).toBe('set');
  });

  it('tells by its exit code what went wrong', async () => {
    await run('orders', 'create', '--data', '{"firstName":"Ann"}');
    module.wrong.set('calculate', { status: 503, body: { success: false, errorMsg: 'Closed today' } });
    expect(await run('calculate', '13')).toMatchObject({ code: 1, text: expect.stringContaining('Closed today') });
    module.wrong.set('calculate', { status: 200, body: { success: true, result: [{ code: 1 }] } });
    expect(await run('calculate', '13')).toMatchObject({ code: 2, text: expect.stringContaining('AGAINST THE CONTRACT: result[0].code') });
    expect((await run('exchanges', '--violations')).code).toBe(2);
    module.wrong.clear();
    await expect(run('calculate', 'nobody')).rejects.toThrow('There is no order "nobody"');
    await expect(run('orders', 'create')).rejects.toThrow('--data');
    await expect(run('get')).rejects.toThrow('--delivery-id');
    await expect(run('--sandbox', `http://127.0.0.1:${await freePort()}`, 'orders')).rejects.toThrow('No sandbox CRM answers');
    expect(await run('connect', 'other', '--module-url', `http://127.0.0.1:${await freePort()}/other`)).toMatchObject({
      code: 1,
      text: expect.stringContaining('is the module running?'),
    });
  });
});
