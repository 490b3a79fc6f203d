import { describe, expect, it } from '@jest/globals';
import { guessColumns, guessLayout } from './guess-layout.js';

const encode = (text: string): Uint8Array => new TextEncoder().encode(text);

describe('the layout of a file', () => {
  it('is guessed below the lines of a letterhead', () => {
    const bytes = encode('\uFEFFRegister 17, of 24.11.2026\r\n\r\nOrder;"Sum";Fee\r\n1003C;1500,00;60,00;\r\n');
    expect(guessLayout(bytes)).toEqual({ encoding: 'utf-8', delimiter: ';' });
  });

  it('has the headers without quotes, in the encoding of the file', () => {
    // «Заказ;Сумма» in Windows-1251.
    const bytes = Uint8Array.from([0xc7, 0xe0, 0xea, 0xe0, 0xe7, 0x3b, 0x22, 0xd1, 0xf3, 0xec, 0xec, 0xe0, 0x22, 0x0a, 0x31, 0x3b, 0x32]);
    const layout = guessLayout(bytes);
    expect(layout).toEqual({ encoding: 'windows-1251', delimiter: ';' });
    expect(guessColumns(bytes, layout)).toEqual(['Заказ', 'Сумма']);
  });

  it('is UTF-8 also if the last character is cut', () => {
    expect(guessLayout(encode('Order,Имя').subarray(0, -1))).toEqual({ encoding: 'utf-8', delimiter: ',' });
  });
});
