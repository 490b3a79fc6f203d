const { readFileSync, readdirSync } = require('node:fs');

/** Ticks of the processor's clock in a second, as /proc counts them on Linux. */
const TICKS = 100;

/** Counts the processor time of this process and its descendants, or of the process if there is no /proc. */
exports.ProcessTree = class ProcessTree {
  /** @type {Map<string, number>} seconds by process, as last seen */
  seen = new Map();
  before = this.seen;

  constructor() {
    this.restart();
  }

  /** Counts from now on. */
  restart() {
    this.seen = new Map();
    this.look();
    this.before = new Map(this.seen);
  }

  look() {
    this.visit(process.pid);
  }

  /** Seconds of the processor since the start; of a process that ended, as last seen. */
  seconds() {
    this.look();
    let sum = 0;
    for (const [key, seconds] of this.seen) sum += seconds - (this.before.get(key) ?? 0);
    return sum;
  }

  /** @param {string | number} pid */
  visit(pid) {
    const stat = read(`/proc/${pid}/stat`);
    if (stat === undefined) {
      if (pid === process.pid) this.seen.set('own', process.cpuUsage().user / 1e6 + process.cpuUsage().system / 1e6);
      return;
    }
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    // A number may come again: with the time of its start it is one process's.
    this.seen.set(`${pid}-${fields[19]}`, (Number(fields[11]) + Number(fields[12])) / TICKS);
    for (const thread of list(`/proc/${pid}/task`)) {
      for (const child of (read(`/proc/${pid}/task/${thread}/children`) ?? '').split(' ').filter(Boolean)) this.visit(child);
    }
  }
};

function read(/** @type {string} */ file) {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}

function list(/** @type {string} */ folder) {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
