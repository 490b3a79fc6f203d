import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { SENTENCES, findSentence } from './sentences.js';

const words = (text: string): string => text.replace(/\s+/g, ' ');

describe('the sentence of the contract for a violation', () => {
  it.each(SENTENCES)('stands word for word in $page: $text', ({ page, text }) => {
    expect(words(readFileSync(`docs/contract/${page}`, 'utf8'))).toContain(words(text));
  });

  it.each([
    ['save', 'result.trackNumber: the registration does not say allowTrackNumber', 'allowTrackNumber'],
    ['save', 'result.deliveryId: is required', 'a saved delivery its `deliveryId`'],
    ['save', 'result.status: must be one of new, done, not "gone"', 'The registration lists the statuses'],
    ['save', 'result.cost: must be a number, not "350"', 'exactly the documented types'],
    ['save', 'the content type must be application/json, not "text/html"', 'A success is status 200'],
    ['save', 'an error must say why in errorMsg', 'only for wrong fields'],
    ['payment refund', 'result.status: must be one of pending, succeeded, canceled, not "done"', 'of a refund'],
    ['delivery.tracking', 'the API refused it: Errors in the entity format', 'at most 100 deliveries'],
    ['unknown', 'the API refused it: API method not found', 'A POST is a form'],
    ['config', 'config: scopes must name the permissions that the module needs', 'the needed `scopes`'],
    ['something new', 'is odd', 'exactly the documented types'],
  ])('of %s, for "%s"', (exchange, violation, part) => {
    expect(findSentence(exchange, violation).text).toContain(part);
  });
});
