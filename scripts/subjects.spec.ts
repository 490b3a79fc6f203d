import { describe, expect, it } from '@jest/globals';
import { checkSubject } from './subjects.mjs';

describe('npm run subjects', () => {
  it.each([
    ['Add a check of subjects', []],
    ['telegram: send captions with albums', []],
    ['A check of subjects', ['does not begin with a verb that scripts/subjects.mjs lists ("A")']],
    ['Add a check.', ['ends with punctuation']],
    ['Add a check; delete the old one', ['contains a semicolon']],
    [`Add ${'x'.repeat(69)}`, ['has 73 characters, at most 72 are allowed']],
  ])('checks the subject "%s"', (subject, problems) => {
    expect(checkSubject(subject)).toEqual(problems);
  });
});
