/** Wording to avoid in comments and titles of specs: the rule `crossdock/voice` reports it. */

/** The beginning of a sentence in a comment. */
const START = String.raw`(?:^|(?<=[.!?]\s+)|(?<=@returns?\s+)|(?<=\n\s*[-*]\s))`;

/**
 * @param {string} pattern
 * @returns {RegExp} the pattern at the beginning of a sentence
 */
const atStart = (pattern) => new RegExp(START + pattern, 'gm');

/** Nouns before `of it` that read well. */
const PARTS = [
  'each all some any one none both most many half two three several every few rest majority plenty dozens hundreds thousands tens',
  'copy copies part parts list instance instances multiple multiples version versions set sets pair subset number size length side',
  'end start top front head tail inside outside remainder whole value state view kind sort way result reference',
  'because instead out ahead aware either neither account advantage behalf care case course favor favour hold lack lot lots track use',
  'bit disposed dispose get gets rid make makes more much only process sure think',
]
  .join(' ')
  .replaceAll(' ', '|');

/** Nouns that a rate or a limit counts by. */
const COUNTED =
  'connections?|accounts?|modules?|providers?|shops?|calls?|requests?|orders?|files?|rows?|process|integrations?|kinds?|page|language|worker|job';

/** Words after which `what` stands for a noun that has a name, and words before its verb. */
const BEFORE_WHAT = 'of|by|from|with|to|in|for|at|after|before|than|on|about|as|under|beside|without|into|not|only|but';
const AFTER_WHAT =
  'is|was|are|were|it|they|he|an?|the|has|had|have|nobody|somebody|one|its|their|each|others?|no|must|may|can|stands|does|did|will|would|goes|comes|follows|runs|failed|happened';

/** @typedef {{ id: string, find: RegExp, advice: string }} Rule */

/**
 * Wording that a reader stumbles over. In plain documentation each rule except for `semicolon` has less than
 * one hit in 10,000 words.
 * @type {readonly Rule[]}
 */
export const RULES = [
  // Beginnings that hide the noun or the verb.
  {
    id: 'what-opening',
    find: atStart(String.raw`What(?! (?:if|about)\b)(?![^.!?\n]*\?)\s`),
    advice: 'begin with the noun or verb: "The settings that ...", "Lists ..."',
  },
  {
    id: 'that-opening',
    find: atStart(String.raw`That (?:an?|the|it|they|no|nobody|nothing|one|all|this|its)\b`),
    advice: 'put the clause second, or write "X must ..."',
  },
  {
    id: 'of-opening',
    find: atStart(String.raw`Of (?!course\b)(?:those|these|the|an?|what|all|its|their|kinds|one|many|two|several|this|each)\b`),
    advice: 'begin with the noun',
  },
  {
    id: 'all-that-opening',
    find: atStart(String.raw`(?:All|Nothing|Everything|Those|None|One|Nobody) (?:that|of what|of which|who)\b`),
    advice: 'name it: "Rows that ...", "Requests that ..."',
  },
  { id: 'stands-opening', find: atStart(String.raw`Stands\b`), advice: '"Is used in ...", "Appears in ..."' },
  {
    id: 'answers-opening',
    find: atStart(String.raw`Answers? (?![\d·]|(?:of|to|from|by|for|are|is|that|in)\b)`),
    advice: '"Returns ..."',
  },

  // Clauses in the place of a noun.
  {
    id: 'what-clause',
    find: new RegExp(String.raw`\b(?:${BEFORE_WHAT}) what (?:${AFTER_WHAT})\b`, 'gm'),
    advice: 'name the thing: "the reply", "the rows", "the settings"',
  },
  {
    id: 'one-that',
    find: /(?<!\b(?:the|main|first|last|new|old|other|right|wrong|only) )\b(?:[Oo]nes?|[Tt]hose|[Tt]hat one|[Ss]uch|[Oo]thers|[Aa]nother) (?:that|which|whose)\b/gm,
    advice: 'repeat the noun: "a shop that ...", "the rows that ..."',
  },
  { id: 'those-of', find: /\b[Tt]hose (?:of|as|without|with|at|in|from|for|to|on)\b/gm, advice: 'repeat the noun' },
  {
    id: 'whoever',
    find: /\b[Ww](?:hoever|hosoever|homever|herever it|hatsoever)\b/gm,
    advice: 'name the actor: "the caller", "the operator"',
  },
  { id: 'of-which', find: /\b(?:of|by) which\b/gm, advice: 'two sentences, or "whose"' },

  // Negations of the noun.
  {
    id: 'is-none',
    find: /(?<!\bthere )(?<!\b(?:[Ii]f|[Uu]nless|[Ww]hen)\b[^.;,]*)\b(?:is|are|was|were|be|been|has|have|had|gets?|names?|knows?|needs?|with) none\b/gm,
    advice: '"is not one", "has no ...", "there are no ..."',
  },
  {
    id: 'is-no',
    find: /(?<!\b[Tt]here\s)\b(?:is|are|was|were) no (?!(?:longer|more|less|doubt|different|way|need|matter|good|such|one|other)\b)[a-z]/gm,
    advice: '"is not a ..."',
  },
  {
    id: 'nobody',
    find: /\b(?:[Nn]obody|[Ss]omebody|[Aa]nybody|[Ee]verybody)(?:'s|’s)?\b/gm,
    advice: '"no one", "someone", or name the caller, the process, the operator',
  },
  { id: 'any-more', find: /\bany more\b(?! than)/gm, advice: '"no longer"' },

  // Programs that talk.
  {
    id: 'told',
    find: new RegExp(
      [
        String.raw`\b(?:is|are|was|were|be|been|being|not|gets?|already|never|has|have|had|once|only) told\b`,
        String.raw`\btold (?:of|to|the|apart|about|by|that|what|its|so|when|here|there|again)\b`,
        String.raw`\b[Tt]ell(?:s|ing)? (?:of|apart|the (?:CRM|provider|service|shop|account|PBX|page|buyer|customer|operator)|how|who|which|when|where|what|them apart)`,
        String.raw`\btell whether\b`,
      ].join('|'),
      'gm',
    ),
    advice: '"send", "report", "notify"; for "tell apart": "distinguish"',
  },
  {
    id: 'said',
    find: /(?<!that is to )(?<!,\s)\b(?:[Ss]ays|[Ss]aid|[Ss]aying|[Ss]ay (?:so|what|whether|which|who|how|when|where|that|of|it|no|nothing))\b/gm,
    advice: '"returns", "states", "describes", "means", or the real verb',
  },
  {
    id: 'is-asked',
    find: new RegExp(
      [
        String.raw`\b(?:is|are|was|were|be|been|being|not|gets?) asked\b(?! (?:to|for)\b)`,
        String.raw`\basked (?:of|again|by|at|after|anew|about|with)\b`,
        String.raw`\b[Aa]sks? (?:the (?:CRM|provider|service|database|PBX|carrier|gateway)|after|of|again|it whether|them whether)\b`,
      ].join('|'),
      'gm',
    ),
    advice: '"call", "query", "request", "look up"',
  },
  {
    id: 'speaks',
    find: /\b(?:(?:speaks?|spoken|spoke|hears?|heard|learn(?:s|t|ed)?|knows?) of|wants? (?:no|nothing|to be|its|it so)|(?:likes?|wish(?:es)?|dares?|minds?) (?:of|for|no|nothing|to be|it|what|whether))\b/gm,
    advice: 'describe the code: "receives", "requires", "finds"',
  },
  {
    id: 'named',
    find: /\b(?:names?|named|naming) (?:no|none|nothing|nobody|whom|what|neither)\b|\b(?:is|are|was|were) named (?:by|in|at|there|here|too|twice)\b/gm,
    advice: '"does not contain", "does not specify"',
  },

  // Words and phrases.
  { id: 'news', find: /\b[Nn]ews\b/gm, advice: '"updates", "events", "messages for the CRM"' },
  {
    id: 'away',
    find: /\b(?:is|are|was|were|be|been|goes|go|went|stays?|being|while|when|if|comes|not|database|Redis|PostgreSQL|CRM|service|provider|PBX) away\b/gm,
    advice: '"unavailable", "down", "unreachable"',
  },
  { id: 'by-itself', find: /\bby (?:itself|themselves|himself|herself|oneself)\b/gm, advice: '"automatically", or name the actor' },
  {
    id: 'of-ours',
    find: /\bof (?:ours|theirs|hers|mine|yours|(?:its|their|his|our|your|one's|ones) own)\b|\b(?:is|are|has|have|was|were) of its\b/gm,
    advice: '"our X", "the module\'s own X"',
  },
  {
    id: 'of-before',
    find: /\bof (?:before|(?<!ahead of )now|then|late|use|whoever|whom|nobody|somebody|anybody|nothing|old)\b(?! and\b)/gm,
    advice: '"the previous X", "useful", or name it',
  },
  {
    id: 'is-of',
    find: /\b(?:is|are|was|were) of (?:an?|the|its|their|this|that|another|one|nobody|no|whom|others?|what|those|kind|which)\b(?! (?:type|kind|form|length|size|same|interest|format|class|shape|following|utmost))/gm,
    advice: '"belongs to", "comes from"',
  },
  {
    id: 'of-it',
    find: new RegExp(String.raw`(?<!\b(?:${PARTS})) \bof (?:it|them)\b(?=\s*[.;,:)]|$|\s(?:is|are|was|were|and|at|in|that|by|as)\b)`, 'gm'),
    advice: '"its X", or repeat the noun',
  },
  {
    id: 'stands',
    find: /\b(?:stand|stands|stood|standing) (?:in|at|there|above|below|beside|behind|still|before|on|as|after|under|open|first|last|anywhere|nowhere)\b|\bhow (?:\w+ ){1,3}stands?\b|\bas (?:it|they) stands?\b/gm,
    advice: '"is in", "appears in", "is stuck"',
  },
  {
    id: 'anew',
    find: /\b(?:[Aa]new|[Ll]est|[Tt]hereof|[Tt]herein|[Ww]herein|[Ww]hereof|[Tt]hereby|[Hh]ither|[Mm]oreover it|[Ff]or ever|[Oo]ft|[Aa]midst|[Tt]hrice)\b/gm,
    advice: 'the everyday word: "again", "so that ... not", "forever"',
  },
  {
    id: 'alone',
    find: /\b(?!(?:let|leave|left|leaves|stand|run|used|use|this|stands) )[a-z`]+ alone\b(?!-)/gm,
    advice: '"only X", "just X"',
  },
  {
    id: 'per',
    find: new RegExp(
      String.raw`\b(?:one|once|two|many|\d+)(?: (?!of|in|to|for|from|with|at|by|as|is|are|or|and|on)\w+)? an? (?:${COUNTED})\b(?! (?:that|which|with|of|is|has|can|may|was|in|to|from))`,
      'gm',
    ),
    advice: '"per connection", "for each call"',
  },
  {
    id: 'where-for-if',
    find: /(?:^|(?<=[.;:,(]\s*)|(?<=\b(?:and|or|but|only|also|except|even) ))[Ww]here (?:it|they|he|one|no|none|nothing|nobody|there|both|neither|several|others?|only|not) \w/gm,
    advice: '"if ...", "when ..."',
  },
  {
    id: 'goes-with',
    find: /\b(?:goes|go|went|going|comes|came|come) (?:of (?:it|them|a|an|the|itself|its|what|one)|with (?:it|them|its|their|each|every|the|an?)|to (?:the (?:CRM|provider|service|carrier|PBX|log|journal)|whom|those|nobody))\b|\b(?:became|becomes|become) of\b|\b(?:come|comes|came) about\b/gm,
    advice: '"is sent to", "belongs to", "happened to"',
  },
  { id: 'yes-or-no', find: /\b[Aa] yes or (?:a )?no\b/gm, advice: '"a boolean"' },
  {
    id: 'so-many',
    find: /\b(?:so|as) (?:many|much|long)\b(?=\s*[.;,:)]|$)|\b(?:up to|no further than|at most|after|every|for|of) so (?:many|much|long)\b/gm,
    advice: 'the number, or the name of the constant',
  },
  {
    id: 'let-in',
    find: /\bputs? (?:down|by)\b|\btakes? (?:in|away)\b|\bg(?:ives?|ave|iven) (?:out|back|away)\b|\bpass(?:es|ed)? (?:over|by)\b|\blooks? (?:after|upon)\b|\bbr(?:ings?|ought) (?:over|along|forth)\b/gm,
    advice: 'one plain verb: store, accept, revoke, return, skip, import',
  },
  {
    id: 'is-through',
    find: /\b(?:is|are|was|were) (?:through|over|done with|there)\b(?=\s*[.;,:)]|$)/gm,
    advice: '"is finished", "has ended", "exists"',
  },
  { id: 'mend', find: /\b[Mm]end(?:s|ed|ing)?\b/gm, advice: '"fix", "repair", "correct"' },
  { id: 'under-way', find: /\bunder way\b/gm, advice: '"in progress", "running"' },
  { id: 'beside', find: /\b[Bb]eside\b/gm, advice: '"next to", "in addition to", "with"' },
  {
    id: 'as-it-is',
    find: /\bas (?:it|they) (?:is|are|was|were|stands?|stood|has|have|came|comes?)\b(?! (?:possible|expected|necessary|needed|not|no|called|running|being|done|stored|sent|written|the|an?)\b)|\bas the \w+ (?:keeps|has|knows|names|says|gives|wants|does|spells) (?:it|them)\b/gm,
    advice: '"unchanged", "the current X", "in the CRM\'s format"',
  },
  { id: 'at-once', find: /\b[Aa]t (?:once|first)\b(?! glance)/gm, advice: '"immediately", "at the same time", "initially"' },
  { id: 'but-for', find: /\bbut for (?:that|the|those|one|its|an?)\b/gm, advice: '"except for"' },
  { id: 'is-left', find: /\b(?:is|are|was|were) left(?! (?:alone|out|join|to|aligned|empty|blank|unset|open))\b/gm, advice: '"remains"' },
  { id: 'he', find: /\b(?:he|his|him|himself)\b/gm, advice: '"they", or name the role' },

  // Punctuation.
  { id: 'semicolon', find: /;(?=\s+[A-Za-z`])/gm, advice: 'two sentences, or a comma' },
];

/**
 * Replaces code, quotations, links and directives by dots of the same length, so that offsets stay.
 * @param {string} text
 */
function hideCode(text) {
  return [
    /```[\s\S]*?(?:```|$)/g,
    /@example\b[\s\S]*?(?=\n\s*@\w|$)/g,
    /<(code|pre)>[\s\S]*?<\/\1>/g,
    /`[^`\n]*`/g,
    /"[^"\n]*"|“[^”\n]*”|«[^»\n]*»/g,
    /\bhttps?:\/\/\S+/g,
    /^\s*(?:eslint|oxlint|prettier-|@ts-|#(?:end)?region|<reference|@type[ {]|@jest).*$/gm,
    // Lines of code that are commented out.
    /^.*(?:[{};]\s*$|=>|\);|^\s*(?:const|let|var|import|export|return|if|await|SELECT|INSERT|UPDATE|DELETE)\b.*[;{(=]).*$/gm,
  ].reduce((left, pattern) => left.replace(pattern, (part) => part.replace(/[^\n]/g, '·')), text);
}

/** @typedef {{ rule: string, index: number, match: string, advice: string }} Finding */

/**
 * Finds wording to replace in a text.
 * @param {string} text a comment without its marks, or the title of a spec
 * @returns {Finding[]} in the order of the text
 */
export function checkText(text) {
  const prose = hideCode(text);
  return RULES.flatMap(({ id, find, advice }) =>
    Array.from(prose.matchAll(find), ({ 0: match, index }) => ({ rule: id, index, match, advice })),
  ).sort((a, b) => a.index - b.index);
}
