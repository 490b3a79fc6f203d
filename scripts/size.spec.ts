import { describe, expect, it } from '@jest/globals';
import { findRoom, isSpecs, listFunctions } from './size.mjs';

describe('npm run size', () => {
  it.each([
    ['libs/providers/cdek/quote.ts', 'adapters'],
    ['libs/built-in/courier/quote.spec.ts', 'built-in'],
    ['lab/doubles/cdek/cdek-double.ts', 'doubles'],
    ['libs/testing/double/double.ts', 'doubles'],
    ['libs/testing/conformance/index.ts', 'suites'],
    ['libs/outbox/outbox.flusher.ts', 'other product'],
    ['apps/web/src/App.vue', 'web'],
    ['apps/api/src/main.ts', 'other product'],
    ['lab/sandbox-crm/src/cli.ts', 'sandbox'],
    ['tools/openapi/describe.ts', 'scripts'],
    ['eslint.config.mjs', 'scripts'],
    ['docs/operating.md', undefined],
    ['libs/crm-client/contract/types.json', undefined],
  ])('counts %s as %s', (path, room) => {
    expect(findRoom(path)).toBe(room);
  });

  it('counts helpers of specs as specs', () => {
    const paths = ['libs/providers/asterisk/call.spec.ts', 'libs/providers/asterisk/test-support/play.ts', 'apps/api/test/app.ts'];
    expect(paths.filter(isSpecs)).toEqual(paths);
    expect(isSpecs('libs/testing/conformance/index.ts')).toBe(false);
  });

  it('measures functions with and without names, and those within others', () => {
    const text = 'class A {\n  read() {\n    return [1].map((one) => {\n      return one;\n    });\n  }\n}\nconst write = () => {\n};\n';
    expect(listFunctions(text)).toEqual([
      { name: 'read', lines: 5 },
      { name: 'without a name', lines: 3 },
      { name: 'write', lines: 2 },
    ]);
  });
});
