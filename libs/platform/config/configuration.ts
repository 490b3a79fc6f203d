import type { DynamicModule } from '@nestjs/common';
import { ConfigModule, registerAs } from '@nestjs/config';
import { Environment, withModuleSecrets } from './environment.js';
import { readSecretFiles } from './secret-files.js';
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
   * @param findProblems finds problems by variable that only the caller can see
   * @throws EnvironmentError naming every wrong setting
   */
  static async read(
    classes: readonly SettingsClass[] = [],
    variables?: Variables,
    findProblems: (environment: Environment) => Readonly<Record<string, string>> = () => ({}),
  ): Promise<Configuration> {
    const all = [Environment, ...classes];
    const { variables: given, problems } = readSecretFiles(all, variables ?? (await readVariables()));
    const settings = checkSettings(all, given, problems, ([environment]) =>
      findProblems(withModuleSecrets(environment as Environment, given)),
    );
    const checked = new Map<SettingsClass, object>(all.map((one, index) => [one, settings[index] as object]));
    // Each class has its own namespace. Outside providers may give their classes equal names.
    const namespaces = all.map((one, index) => {
      const alike = all.slice(0, index).filter(({ name }) => name === one.name).length;
      return registerAs(alike === 0 ? one.name : `${one.name}_${alike + 1}`, () => checked.get(one) as object);
    });
    const config = await ConfigModule.forRoot({ validate: () => ({}), load: namespaces, skipProcessEnv: true, ignoreEnvFile: true });
    const module = {
      module: class SettingsModule {},
      global: true,
      imports: [config],
      providers: all.map((one, index) => ({ provide: one, useExisting: namespaces[index]?.KEY ?? '' })),
      exports: [config, ...all],
    };
    const environment = checked.get(Environment) as Environment;
    return new Configuration(module, checked, [...environment.listWarnings(), ...warnOfMisspelt(classes, given)]);
  }

  /** The settings of a class that was read. */
  get<Settings extends object>(settings: SettingsClass<Settings>): Settings {
    const found = this.checked.get(settings);
    if (!found) throw new Error(`${settings.name} was not loaded. Add it to the settings classes of this process.`);
    return found as Settings;
  }

  get environment(): Environment {
    return this.get(Environment);
  }
}

/**
 * Returns the variables of the environment and of `.env`, over which the environment wins.
 * @throws EnvironmentError when `.env` is there and cannot be read
 */
export async function readVariables(): Promise<Variables> {
  let variables: Variables = {};
  // Nothing is written back into the environment.
  const validate = (read: Variables): object => ((variables = read), {});
  try {
    await ConfigModule.forRoot({ validate });
    return variables;
  } catch (error) {
    const { code, path = '.env' } = error as NodeJS.ErrnoException;
    if (!code) throw error;
    throw new EnvironmentError(`${path} cannot be read (${code}): make it a file that this user can read, or remove it.`);
  }
}
