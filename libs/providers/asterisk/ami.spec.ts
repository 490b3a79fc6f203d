import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { AmiFormatError, type AmiMessage, AmiParser, encodeAction } from './ami.message.js';

const BANNER = 'Asterisk Call Manager/9.0.0\r\n';

/** Parses bytes that come in pieces. */
function parse(pieces: readonly Buffer[]): AmiMessage[] {
  const parser = new AmiParser();
  return pieces.flatMap((piece) => parser.push(piece).messages);
}

describe('messages of the manager interface', () => {
  const text =
    `${BANNER}Response: Success\r\nActionID: 1\r\nMessage: Authentication accepted\r\n\r\n` +
    'Event: Newchannel\r\nCallerIDName: Ольга «Цвет»\r\nCallerIDNum: <unknown>\r\nExten: \r\n\r\n' +
    'Response: Success\r\nActionID: 2\r\nOutput:   two blanks\r\nOutput: \r\nOutput: a: b\r\n\r\n';

  it('come whole however the bytes are cut, also within a character', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 40 }), { maxLength: 60 }), (sizes) => {
        const bytes = Buffer.from(text);
        const pieces: Buffer[] = [];
        let at = 0;
        for (const size of sizes) pieces.push(bytes.subarray(at, (at += size)));
        pieces.push(bytes.subarray(at));
        const [login, event, output] = parse(pieces);
        expect(login?.get('Message')).toBe('Authentication accepted');
        expect(event?.get('calleridname')).toBe('Ольга «Цвет»');
        expect(event?.get('CallerIDNum')).toBeUndefined();
        expect(event?.get('Exten')).toBeUndefined();
        expect(output?.all('Output')).toEqual(['  two blanks', '', 'a: b']);
      }),
    );
  });

  it('understand the older form of a command’s output, blank lines within it and all', () => {
    const old = `${BANNER}Response: Follows\r\nPrivilege: Command\r\nActionID: 7\r\nfirst: line\n\nlast line\n--END COMMAND--\r\n\r\nEvent: Hangup\r\n\r\n`;
    const [answer, event] = parse([Buffer.from(old)]);
    expect(answer?.get('ActionID')).toBe('7');
    expect(answer?.all('Output')).toEqual(['first: line', '', 'last line']);
    expect(event?.get('Event')).toBe('Hangup');
  });

  it('are refused when they never end', () => {
    const parser = new AmiParser();
    parser.push(Buffer.from(BANNER));
    const line = Buffer.from(`Variable: ${'x'.repeat(1_000_000)}\r\n`);
    expect(() => {
      for (let sent = 0; sent < 6; sent++) parser.push(line);
    }).toThrow(AmiFormatError);
  });

  it('are written so that no value can begin another line', () => {
    expect(encodeAction({ Action: 'Originate', Variable: ['A=1', 'B=2'], Left: undefined, Priority: 1 })).toBe(
      'Action: Originate\r\nVariable: A=1\r\nVariable: B=2\r\nPriority: 1\r\n\r\n',
    );
    expect(() => encodeAction({ Exten: '101\r\nAction: Command' })).toThrow(RangeError);
  });
});
