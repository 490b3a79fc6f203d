import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { root } from './project.mjs';

const rules = readFileSync(join(root, 'deploy/prometheus/rules.yml'), 'utf8');
const alerts = [...rules.matchAll(/- alert: (\w+)/g)].map(([, name = '']) => name);

const promtool = (...args: string[]) => spawnSync('promtool', args, { cwd: join(root, 'deploy/prometheus'), encoding: 'utf8' });
const isInstalled = promtool('--version').status === 0;
if (!isInstalled) process.stderr.write('promtool is not installed: the alert rules are not tested.\n');

describe('alerts', () => {
  it('each have a paragraph for the operator, and link to it', () => {
    const page = readFileSync(join(root, 'docs/operating.md'), 'utf8');
    expect(alerts.length).toBeGreaterThan(10);
    expect(alerts.filter((name) => !new RegExp(`^#+ ${name}\\n\\n\\S`, 'm').test(page))).toEqual([]);
    expect([...page.matchAll(/^#+ (Crossdock[A-Z]\w+)$/gm)].map(([, name]) => name)).toEqual(alerts);
    expect([...rules.matchAll(/runbook: docs\/operating\.md#(\w+)/g)].map(([, anchor]) => anchor)).toEqual(
      alerts.map((name) => name.toLowerCase()),
    );
  });

  (isInstalled ? it : it.skip)('are valid, and fire when they should', () => {
    const checked = promtool('check', 'rules', 'rules.yml');
    expect([checked.status, checked.stderr]).toEqual([0, '']);
    expect(promtool('check', 'config', 'prometheus.yml').status).toBe(0);
    const tested = promtool('test', 'rules', 'rules.test.yml');
    expect([tested.status, tested.stderr]).toEqual([0, '']);
    const test = readFileSync(join(root, 'deploy/prometheus/rules.test.yml'), 'utf8');
    expect(alerts.filter((name) => !test.includes(`alertname: ${name}`))).toEqual([]);
  });
});
