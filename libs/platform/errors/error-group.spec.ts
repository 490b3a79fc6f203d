import { describe, expect, it } from '@jest/globals';
import { groupError } from './error-group.js';

describe('errors of one cause', () => {
  it.each([
    ['Order 1234 was not found', 'Order 98 was not found', 'Order # was not found'],
    [
      'delivery 01900000-0000-7000-8000-000000000001 is closed',
      'delivery 01900000-0000-7000-8000-0000000000ff is closed',
      'delivery # is closed',
    ],
    ['status "lost" is not known', 'status "found" is not known', 'status "…" is not known'],
    [
      'POST https://a.test/x?y=1 answered 500 after 12.5 s',
      'POST https://b.test/ answered 502 after 3 s',
      'POST <address> answered # after # s',
    ],
    ['ana@example.com is refused', 'max@mail.example.com is refused', '<e-mail> is refused'],
    ['parcel 3fa85f64a1 is lost', 'parcel 00000000ff is lost', 'parcel # is lost'],
  ])('%s', (one, other, group) => {
    expect([groupError(one), groupError(other)]).toEqual([group, group]);
  });

  it('keep their differences, up to 200 characters', () => {
    expect(groupError('The CRM refused  the key')).toBe('The CRM refused the key');
    expect(groupError('The field name is empty')).not.toBe(groupError('The field cost is empty'));
    expect(groupError('no '.repeat(500))).toHaveLength(200);
  });
});
