import { findModuleProblems, listModuleCodes } from '#connections';
import { Configuration, type Environment, EnvironmentError, type Variables } from '#platform';
import { builtIn, type Catalogue, listCodes } from './catalogue.js';
import { listSettings } from './catalogue.module.js';
import { loadCatalogue } from './outside.js';

/**
 * Reads and checks the settings of a process that hosts modules. Default of `variables`: the environment and
 * `.env`.
 * @throws EnvironmentError with every wrong setting
 */
export function readSettings(catalogue: Catalogue = builtIn, variables?: Variables): Promise<Configuration> {
  return Configuration.read(listSettings(catalogue), variables, (environment) => ({
    ...findModuleProblems(environment, listModuleCodes(environment, listCodes(catalogue))),
    ...findMendingProblem(environment, catalogue),
  }));
}

/**
 * Loads the catalogue with the external providers.
 * @throws EnvironmentError for an unusable `modules.json` or provider, and for every wrong setting
 */
export async function readCatalogue(variables: Variables): Promise<Catalogue> {
  try {
    return await loadCatalogue(variables);
  } catch (error) {
    if (!(error instanceof EnvironmentError)) throw error;
    // One start reports all errors.
    const further = await Configuration.read(listSettings(), variables, findProblemsOfListed).then(
      () => undefined,
      (other: unknown) => other,
    );
    throw further instanceof EnvironmentError ? new EnvironmentError(`${error.message}\n${further.message}`) : error;
  }
}

/** Finds problems of the modules in `modules.json`, as far as it can be read. */
function findProblemsOfListed(environment: Environment): Record<string, string> {
  try {
    return findModuleProblems(environment, listModuleCodes(environment, []));
  } catch (error) {
    if (error instanceof EnvironmentError) return {};
    throw error;
  }
}

function findMendingProblem({ reconciliationMends }: Environment, catalogue: Catalogue): Record<string, string> {
  const kinds = catalogue.flatMap(({ integration }) => Object.entries(integration.comparison?.kinds ?? {}));
  const mendable = kinds.filter(([, mends]) => mends !== null).map(([kind]) => kind);
  const unknown = reconciliationMends.filter((kind) => !mendable.includes(kind));
  if (unknown.length === 0) return {};
  return { RECONCILIATION_MENDS: `contains ${unknown.join(', ')}, but may only contain ${mendable.join(', ')}` };
}
