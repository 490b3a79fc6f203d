const { readFileSync, readdirSync } = require('node:fs');

/** Ticks of the processor's clock in a second, as /proc counts them on Linux. */
const TICKS = 100;

/** Counts the processor time of this process and its descendants, or of the process if there is no /proc. */
exports.ProcessTree = class ProcessTree {
  /** @type {Map<string, number>} seconds by process, as last seen */
  seen = new Map();
  before = this.seen;
  start = 0;

  constructor() {
    this.restart();
  }

  /** Counts from now on. */
  restart() {
    this.seen = new Map();
    this.start = this.look();
    this.before = new Map(this.seen);
  }

  /** Notes the running processes. Returns their seconds, and the seconds of children they waited for. */
  look() {
    return this.visit(process.pid);
  }

  /** Returns the seconds of the processor since the start. */
  seconds() {
    // The first sum misses processes without a waiting parent, the second processes between two looks.
    const withEnded = this.look() - this.start;
    let sum = 0;
    for (const [key, seconds] of this.seen) sum += seconds - (this.before.get(key) ?? 0);
    return Math.max(sum, withEnded);
  }

  /**
   * @param {string | number} pid
   * @returns {number} seconds
   */
  visit(pid) {
    const stat = read(`/proc/${pid}/stat`);
    if (stat === undefined) {
      if (pid !== process.pid) return 0;
      const { user, system } = process.cpuUsage();
      this.seen.set('own', (user + system) / 1e6);
      return (user + system) / 1e6;
    }
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    // A number may come again: with the time of its start it is one process's.
    const [own, ended] = [Number(fields[11]) + Number(fields[12]), Number(fields[13]) + Number(fields[14])];
    this.seen.set(`${pid}-${fields[19]}`, own / TICKS);
    let sum = (own + ended) / TICKS;
    for (const thread of list(`/proc/${pid}/task`)) {
      for (const child of (read(`/proc/${pid}/task/${thread}/children`) ?? '').split(' ').filter(Boolean)) sum += this.visit(child);
    }
    return sum;
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
