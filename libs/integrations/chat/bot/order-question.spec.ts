import { describe, expect, it } from '@jest/globals';
import { asksForOrder, findOrderNumber, readCommand } from './order-question.js';

describe('a question where the order is', () => {
  it.each([
    ...[
      'Where is my order?',
      'hi! WHERE’S MY PARCEL',
      'When will my order 214C arrive?',
      'What is the status of my order',
      'Has my order been shipped?',
    ],
    ...['¿Dónde está mi pedido?', 'donde esta mi paquete 12', '¿Cuándo llega mi pedido?', 'Quiero saber el estado de mi pedido'],
    ...[
      'Где мой заказ?',
      'Здравствуйте! Где сейчас моя посылка?',
      'где заказ 214С',
      'Когда привезут заказ?',
      'Какой статус моего заказа',
      'когда придёт посылка',
    ],
  ])('%s', (text) => expect(asksForOrder(text)).toBe(true));

  it.each([
    ...[
      '',
      'I want to order',
      'Where is your shop?',
      'My order is here, thank you',
      'Cancel my order',
      'Where can I order?',
      'orders of magnitude',
    ],
    ...['Quiero hacer un pedido', '¿Dónde está la tienda?', 'Mi pedido llegó, gracias', '¿Cuándo abren?'],
    ...['Хочу сделать заказ', 'Где ваш магазин?', 'Спасибо, заказ получил', 'Когда вы работаете?', 'Отмените заказ', 'где заказать пиццу'],
    ...['Where is my order? '.repeat(20)],
  ])('is not: %s', (text) => expect(asksForOrder(text)).toBe(false));

  it.each([
    ['Where is my order 214C?', '214C'],
    ['Where is order number 7-A', '7-A'],
    ['Где мой заказ № 214C?', '214C'],
    ['Где заказ номер 15', '15'],
    ['¿Dónde está mi pedido nº 88B?', '88B'],
    ['Where is my order?', undefined],
    ['Where is my order of 2 lamps, phone +79161234567', undefined],
  ])('names an order: %s', (text, number) => expect(findOrderNumber(text)).toBe(number));
});

it.each([
  ['/delivery 214C', { name: 'delivery', order: '214C' }],
  ['  /pay №214С ', { name: 'pay', order: '214С' }],
  ['/call', { name: 'call' }],
  ['/product blue jacket', { name: 'product' }],
  ["/delivery 1' OR 1=1", { name: 'delivery' }],
  ['delivery 214C', undefined],
])('a command is read: %s', (line, command) => expect(readCommand(line)).toEqual(command));
