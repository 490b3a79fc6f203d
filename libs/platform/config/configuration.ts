import type { DynamicModule } from '@nestjs/common';
import { ConfigModule, registerAs } from '@nestjs/config';
import { Environment, withModuleSecrets } from './environment.js';
import { warnOfMisspelt } from './misspelt.js';
import { checkSettings, EnvironmentError, type SettingsClass, type Variables } from './settings.js';

/** The checked settings of a process: the deployment's and the providers'. */
export class Configuration {
  private constructor(
    /** Provides ConfigService and each settings class. */
    readonly module: DynamicModule,
    private readonly checked: ReadonlyMap<SettingsClass, object>,
    /** Variables that look like misspelt settings. */
    readonly warnings: readonly string[],
  ) {}

  /**
   * Reads and checks the environment and `.env` (the environment wins), or `variables` instead of both.
   * @param classes the providers' settings
   * @throws EnvironmentError naming every wrong setting
   */
  static async read(classes: readonly SettingsClass[] = [], variables?: Variables): Promise<Configuration> {
    const all = [Environment, ...classes];
    const checked = new Map<SettingsClass, object>();
    let warnings: string[] = [];
    const validate = (read: Variables): object => {
      const given = variables ?? read;
      checkSettings(all, given).forEach((settings, index) => checked.set(all[index] as SettingsClass, settings));
      withModuleSecrets(checked.get(Environment) as Environment, given);
      warnings = warnOfMisspelt(classes, given);
      // Each class is a namespace of its own; nothing is written back into the environment.
      return {};
    };
    const namespaces = all.map((settings) => registerAs(settings.name, () => checked.get(settings) as object));
    try {
      const config = await ConfigModule.forRoot({ validate, load: namespaces, skipProcessEnv: true, ignoreEnvFile: Boolean(variables) });
      const module = {
        module: class SettingsModule {},
        global: true,
        imports: [config],
        providers: all.map((settings, index) => ({ provide: settings, useExisting: namespaces[index]?.KEY ?? '' })),
        exports: [config, ...all],
      };
      return new Configuration(module, checked, warnings);
    } catch (error) {
      const { code, path = '.env' } = error as NodeJS.ErrnoException;
      if (!code) throw error;
      throw new EnvironmentError(`${path} cannot be read (${code}): make it a file that this user can read, or remove it.`);
    }
  }

  /** The settings of a class that was read. */
  get<Settings extends object>(settings: SettingsClass<Settings>): Settings {
    const found = this.checked.get(settings);
    if (!found) throw new Error(`${settings.name} is not among the settings that were read`);
    return found as Settings;
  }

  get environment(): Environment {
    return this.get(Environment);
  }
}
