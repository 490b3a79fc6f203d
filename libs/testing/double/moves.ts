import { Refusal } from './refusal.js';

/**
 * The changes that each state allows, one per line: `created, waiting -> paid`. If clients may ask for it:
 * `created -> canceled else 409 cannot_cancel`. A state is `status` or `status/detail`. `status` alone covers
 * all its details, `*` all states.
 */
export class Moves<Name extends string> {
  private readonly moves: ReadonlyMap<string, ReturnType<typeof readMove>>;

  constructor(table: Readonly<Record<Name, string>>) {
    this.moves = new Map(Object.entries<string>(table).map(([name, line]) => [name, readMove(line)]));
  }

  may(name: Name, state: string): boolean {
    const [status] = state.split('/');
    return this.find(name).from.some((from) => from === '*' || from === state || from === status);
  }

  /** Returns the state it leads to. Throws Refusal if clients may request it, otherwise Error. */
  to(name: Name, state: string, id = 'it'): string {
    const { to, refusal } = this.find(name);
    if (this.may(name, state)) return to;
    if (!refusal) throw new Error(`${id} is ${state}: ${name} is not possible`);
    const [status = ''] = state.split('/');
    throw new Refusal(refusal.status, refusal.code, `The ${name} is not possible, as the status is ${status}.`);
  }

  private find(name: Name): ReturnType<typeof readMove> {
    const move = this.moves.get(name);
    if (!move) throw new Error(`there is no move ${name}`);
    return move;
  }
}

function readMove(line: string): { from: string[]; to: string; refusal?: { status: number; code: string } } {
  const [, from = '', to = '', status, code = ''] = /^(.+?) -> (\S+)(?: else (\d{3}) (\S+))?$/.exec(line.trim()) ?? [];
  if (to === '') throw new Error(`not a move: ${line}`);
  return { from: from.split(',').map((one) => one.trim()), to, ...(status && { refusal: { status: Number(status), code } }) };
}
