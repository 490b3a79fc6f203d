export const TEXT = 'Здравствуйте, ¿qué tal? <b>&amp; 🚚\nSegunda línea';
/** Without a blank to cut at. Each character differs from its neighbours. */
export const UNBROKEN_TEXT = Array.from({ length: 4_999 }, (_, at) => String.fromCharCode(0x430 + (at % 31))).join('');
