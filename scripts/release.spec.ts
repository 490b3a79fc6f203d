import { describe, expect, it } from '@jest/globals';
import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { load } from 'js-yaml';
import { root } from './project.mjs';
import { findOwners, listPackages, release } from './release-names.mjs';

const read = (file: string): string => readFileSync(join(root, file), 'utf8');
const repositoryUrl = `git+${release.repository}.git`;

describe('the names in release.json', () => {
  it('are in every package, with one version', () => {
    const { version } = JSON.parse(read('package.json')) as { version: string };
    for (const { name, folder } of listPackages()) {
      const file = JSON.parse(read(`${folder}/package.json`)) as Record<string, unknown>;
      expect([name, file]).toEqual([name, expect.objectContaining({ version, license: 'MIT' })]);
      expect(name).toMatch(name.startsWith('create-') ? /^create-crossdock-provider$/ : new RegExp(`^${release.scope}/`));
      expect(file).toMatchObject({
        repository: { type: 'git', url: repositoryUrl, directory: folder },
        homepage: `${release.repository}/tree/main/${folder}#readme`,
        bugs: `${release.repository}/issues`,
        publishConfig: { access: 'public', provenance: true },
      });
      expect(read(`${folder}/LICENSE`)).toBe(read('LICENSE'));
    }
  });

  it('are in the Dockerfile, the manifests, the workflows and the documentation', () => {
    const files = execFileSync('git', ['ls-files', '*.md', '*.yml', '*.yaml', '*.json', 'Dockerfile', '.github'], {
      cwd: root,
      encoding: 'utf8',
    });
    const others = files.split('\n').flatMap((file) => {
      const text = file === '' || file === 'release.json' ? '' : read(file);
      const images = text.match(/ghcr\.io\/[\w./-]*\w/g)?.filter((one) => one !== release.image) ?? [];
      const places = text.match(/https:\/\/github\.com\/[\w-]+\/crossdock\b/g)?.filter((one) => one !== release.repository) ?? [];
      const packages =
        text.match(/@[\w-]+\/(?:crm-client|provider-kit|provider-testing)\b/g)?.filter((one) => !one.startsWith(`${release.scope}/`)) ?? [];
      return [...images, ...places, ...packages].map((name) => `${file}: ${name}`);
    });
    expect(others).toEqual([]);
  });
});

describe('release:names', () => {
  const packages = listPackages().map(({ name }) => name);
  const ask = async (isOurs: boolean, replies: Record<string, string | number>, otherwise: string, status: number) => {
    const view = (name: string) => Promise.resolve(String(replies[name] ?? otherwise));
    const get = (address: string) => Promise.resolve(Number(replies[new URL(address).host] ?? status));
    return (await findOwners({ view, get, isOurs })).map(([, owner]) => owner);
  };
  const missing = JSON.stringify({ error: { code: 'E404' } }, undefined, 2);

  it('finds all names free where nothing is published', async () => {
    expect(await ask(false, {}, missing, 404)).toEqual([...packages, 'account', 'image'].map(() => 'free'));
  });

  it("tells our names from someone else's", async () => {
    const [first = '', second = ''] = packages;
    const replies = { [first]: `"${repositoryUrl}"`, [second]: '"git+https://github.com/somebody/else.git"', 'ghcr.io': 403 };
    const others = packages.slice(2).map(() => 'free');
    expect(await ask(true, replies, missing, 200)).toEqual(['ours', "someone else's", ...others, 'ours', 'free']);
    expect(await ask(false, replies, missing, 200)).toEqual(['ours', "someone else's", ...others, "someone else's", 'free']);
  });

  it('reports an unreachable service', async () => {
    const failed = JSON.stringify({ error: { code: 'ECONNREFUSED' } }, undefined, 2);
    const all = [...packages, 'account', 'image'].map(() => 'could not be reached');
    expect(await ask(true, {}, failed, 503)).toEqual(all);
    expect(await ask(true, {}, '', 0)).toEqual(all);
  });
});

describe('the release workflow', () => {
  interface Job {
    needs?: string | string[];
    steps: { name?: string; run?: string }[];
  }
  const { jobs } = load(read('.github/workflows/release.yml')) as { jobs: Record<string, Job> };

  it('checks the names and the tests before it publishes anything', () => {
    const [first, ...others] = Object.entries(jobs);
    expect(first?.[1].steps.map(({ run = '' }) => run).join('\n')).toMatch(/npm run release:names\n[^]*CI has not passed/);
    for (const [name, { needs = [] }] of others) expect([name, [needs].flat()]).not.toEqual([name, []]);
    expect(jobs.packages?.steps.at(-1)?.run).toBe('npm run publish:packages -- "$GITHUB_REF_NAME"');
  });

  it('takes its notes from the section of the changelog', () => {
    const folder = mkdtempSync(join(tmpdir(), 'crossdock-notes-'));
    cpSync(join(root, 'CHANGELOG.md'), join(folder, 'CHANGELOG.md'));
    const script = jobs.notes?.steps.find(({ name }) => name === 'The section of the changelog')?.run ?? '';
    const write = (tag: string) => spawnSync('bash', ['-e', '-c', script], { cwd: folder, env: { ...process.env, GITHUB_REF_NAME: tag } });
    try {
      expect(write('v0.2.0').status).toBe(0);
      const notes = readFileSync(join(folder, 'notes.md'), 'utf8');
      expect(notes.trim()).toMatch(/^### Added\n/);
      expect(notes).not.toMatch(/^## /m);
      expect(write('v0.2').status).toBe(1);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
