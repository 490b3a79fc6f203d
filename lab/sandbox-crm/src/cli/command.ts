import type { SandboxEnvironment } from '../environment.js';
import type { JsonObject } from '../json.js';
import type { ControlClient } from './control-client.js';
import { chooseExitCode, outcomeLines, table } from './output.js';

/** The lines for people of a result. */
export type Lines = (result: JsonObject, given: Given) => readonly string[];

/** Help of an argument that is an order. */
export const ORDER = 'id, number or external id';

/** A command line's answer: the raw result, its lines for people, and the exit code. */
export interface CommandAnswer {
  readonly result: JsonObject;
  readonly lines: readonly string[];
  readonly code?: number;
}

/** The sandbox and the global options of a command. */
export interface CommandTools {
  readonly client: ControlClient;
  readonly environment: SandboxEnvironment;
  /** The module of `--module`, if it is given. */
  readonly module: string | undefined;
  readonly isMultipart: boolean;
}

/** The arguments and options of a call by name. Numbers are numbers. */
export type Given = JsonObject;

/** A command of the command line: its words and its call of the control API. */
export interface CommandRow {
  readonly about: string;
  /** Help by notation: `<order>`, `[order]`, `<orders...>`. */
  readonly words?: { readonly [notation: string]: string };
  /** Help by flags, with a default. `<n>` and `<seconds>` are numbers, a default list collects values. */
  readonly options?: { readonly [flags: string]: string | readonly [help: string, fallback: string | number | boolean | string[]] };
  readonly run: (tools: CommandTools, given: Given) => Promise<CommandAnswer>;
}

/** Commands by their words. */
export type Commands = { readonly [words: string]: CommandRow };

/** A command that reads a path of the account. */
export function view(about: string, path: string | ((given: Given) => string), lines: Lines, words?: CommandRow['words']): CommandRow {
  return {
    about,
    ...(words && { words }),
    run: async ({ client }, given) => {
      const result = await client.get(client.of(typeof path === 'string' ? path : path(given)));
      return { result, lines: lines(result, given) };
    },
  };
}

/** The lines of a table, or `none` if it has no rows. */
export function rows(cells: readonly (readonly string[])[], none: string, head?: readonly string[]): string[] {
  return cells.length === 0 ? [none] : table(head ? [head, ...cells] : cells).split('\n');
}

/**
 * A command that runs a callback of `--module`, else of the first connected module that registered the
 * integration. The body has the words and options, unless `read` changes it.
 */
export function callback(
  module: string,
  name: string,
  about: string,
  words: CommandRow['words'],
  options: CommandRow['options'] = {},
  lines: Lines = () => [],
  read: (given: Given) => JsonObject = (given) => given,
): CommandRow {
  return {
    about,
    ...(words && { words }),
    options,
    run: async (tools, given) => {
      const result = await runCallback(tools, module, name, read(given));
      return outcome(result, lines(result, given));
    },
  };
}

/** Runs a callback of `--module`, else of the module `first`. Returns its outcome. */
export function runCallback(
  { client, module, isMultipart }: CommandTools,
  first: string,
  name: string,
  body: JsonObject,
): Promise<JsonObject> {
  const encoding = isMultipart ? 'multipart' : 'urlencoded';
  return client.post(client.of(`modules/${encodeURIComponent(module ?? first)}/callbacks/${name}`), { ...body, encoding });
}

/** A callback's outcome with its exit code. `lines` follow on success. */
export function outcome(result: JsonObject, lines: readonly string[] = []): CommandAnswer {
  return { result, lines: [...outcomeLines(result), ...(result['ok'] === true ? lines : [])], code: chooseExitCode(result) };
}
