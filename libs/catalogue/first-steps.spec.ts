import { describe, expect, it } from '@jest/globals';
import { buildSettingsForm, type FormField, LANGUAGES, textFor } from '#platform';
import type { FirstStep, ProviderManifest } from '#provider-kit';
import { builtIn, ConfiguredAdapter } from './catalogue.js';

const manifests: ProviderManifest<object>[] = builtIn.flatMap(({ adapters, services }) => [
  ...adapters.map((one) => (one instanceof ConfiguredAdapter ? one.create(new one.environment()) : one).manifest),
  ...services.map(({ manifest }) => manifest),
]);

/** Providers that need no settings: they have no account, or start with a shared test account. */
const COMPLETE = ['apiship', 'cdek', 'copurchase', 'ledger', 'testpay'];

it.each(manifests.map((manifest) => [manifest.code, manifest] as const))(
  'a new connection of %s lists its missing settings',
  (code, manifest) => {
    const lack = manifest.describeMissing?.(manifest.createDefaultSettings(true));
    for (const language of LANGUAGES) expect(Boolean(lack && textFor(lack, language).trim())).toBe(!COMPLETE.includes(code));
  },
);

/** Lists fields, and the fields of groups in lists. */
function listFields(fields: readonly FormField[]): FormField[] {
  return fields.flatMap((field) => [field, ...listFields(field.fields ?? field.item?.fields ?? [])]);
}

it.each(manifests.map((manifest) => [manifest.code, manifest] as const))(
  '%s offers countries and currencies as lists',
  (_code, manifest) => {
    const named = listFields(buildSettingsForm(manifest.settings).fields).filter(({ name }) => /(country|currency)$/i.test(name));
    for (const { path, choices, codesOf } of named) expect([path, Boolean(choices ?? codesOf)]).toEqual([path, true]);
  },
);

describe('the first steps with', () => {
  it.each(manifests.map((manifest) => [manifest.code, manifest] as const))('%s have a text and an existing section', (_code, manifest) => {
    const steps: readonly FirstStep<object>[] = manifest.firstSteps ?? [];
    expect(steps.length).toBeGreaterThan(0);
    const sections = ['connect', 'rules', ...buildSettingsForm(manifest.settings).sections.map(({ code }) => code)];
    for (const { title, text, trial = text, section } of steps) {
      for (const language of LANGUAGES) expect([title, text, trial].map((one) => textFor(one, language).trim())).not.toContain('');
      if (section !== undefined) expect(sections).toContain(section);
    }
    // A new shop has a step to do, and the last step is to use the module.
    const fresh = manifest.createDefaultSettings(true);
    expect(steps.some((step) => 'sign' in step || !step.isDone(fresh))).toBe(true);
    expect(steps.at(-1)).toMatchObject({ sign: 'used' });
  });
});
