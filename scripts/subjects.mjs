/** `npm run subjects`: checks the subjects of commits. */
import { execFileSync } from 'node:child_process';
import { isStarted, main, root } from './project.mjs';

const help = `npm run subjects -- a..b   checks the subjects of commits, also -20 for the last twenty. Fails if one needs a correction.
`;

/** Verbs that a subject may begin with: it completes "This commit will ...". Add a missing verb. */
const VERBS = new Set(
  `accept add adjust align allow announce answer apply archive ask assert attach avoid back backport batch bind block build bump
  cache call cancel cap change check clamp clarify clean clear close collapse collect combine compare complete compress compute connect
  convert copy correct count cover create cut deal debounce declare decode default defer define delete deliver deny deprecate derive
  describe detect disable discard display distinguish document downgrade draw drop dump emit enable encode encrypt end enforce ensure
  erase escape exclude exit expand expect explain export expose extend extract fail fall fetch filter find fix flag flatten flush fold
  follow force forget format forward free freeze generate give group guard handle harden hide hold ignore implement import improve
  include increase index infer inform initialize inline insert inspect install introduce isolate join keep label lay let limit link list
  load localize lock log lower make map mark mask match measure merge migrate minify mock monitor move name normalize notify omit open
  optimize order pack parse part pass patch pause persist pick pin place plan play port prefer prefix prepare prevent print probe
  process profile prompt protect prove provide prune publish pull purge push put queue quote raise rank rate rather read rebuild
  recognise recognize reconnect record recover redact redirect reduce refactor refer refresh refuse register reject relax release reload
  rely remember remove rename render reopen reorder reorganize repair repeat replace replay reply report request require reserve reset
  resolve respect restart restore restrict resume retire retry return reuse revert review revise revoke rewrite roll rotate round route
  run sample sanitize save scan schedule scope score seal search secure seed select send separate serialize serve set shape share shard
  ship shorten show shrink shut sign simplify skip smooth sort specify speed split stabilize stamp start state stop store stream strip
  style submit subscribe suggest support suppress surface swap switch sync take tell test throttle tidy tighten trace track translate
  treat trigger trim truncate try tune turn type unblock undo unfreeze unify unpack unpin unwrap update upgrade upload use validate
  verify wait wake warn watch widen wire word wrap write`.split(/\s+/),
);

/**
 * Finds the problems of a commit subject. An area may come first: "telegram: send captions with albums".
 * @param {string} subject
 * @returns {string[]} empty if there are none
 */
export function checkSubject(subject) {
  const [first = ''] = subject.replace(/^[a-z0-9@/._-]+(?:\([^)]*\))?!?: /, '').split(/[\s:]/);
  return [
    ...(VERBS.has(first.toLowerCase()) ? [] : [`does not begin with a verb that scripts/subjects.mjs lists ("${first}")`]),
    ...(subject.length > 72 ? [`has ${subject.length} characters, at most 72 are allowed`] : []),
    ...(/[.;]$/.test(subject) ? ['ends with punctuation'] : []),
    ...(/;./.test(subject) ? ['contains a semicolon'] : []),
  ];
}

/**
 * Prints the subjects that need a correction.
 * @param {string[]} range as `git log` takes it
 * @returns {number} the exit code
 */
function checkCommits(range) {
  const log = execFileSync('git', ['log', '--no-merges', '--format=%h %s', ...range], { cwd: root, encoding: 'utf8' });
  const commits = log.split('\n').filter(Boolean);
  const bad = commits
    .map((commit) => ({ commit, problems: checkSubject(commit.slice(commit.indexOf(' ') + 1)) }))
    .filter(({ problems }) => problems.length > 0);
  const lines = [
    ...bad.map(({ commit, problems }) => `${commit}: ${problems.join(', ')}`),
    `${bad.length} of ${commits.length} subjects to correct`,
  ];
  process.stdout.write(`${lines.join('\n')}\n`);
  return bad.length > 0 ? 1 : 0;
}

if (isStarted(import.meta.url))
  await main(async () => {
    const range = process.argv.slice(2);
    if (range.length > 0 && !range.includes('--help') && !range.includes('-h')) return checkCommits(range);
    process.stdout.write(help);
    return 0;
  });
