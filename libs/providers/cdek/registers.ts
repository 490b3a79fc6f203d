import { fillIn } from '#platform';
import { readMoney, type Register, type RegisterRow, say } from '#provider-kit';
import type { CdekMethod, CdekRegistry } from './cdek.api.js';
import type { CdekContext } from './cdek.settings.js';
import { texts } from './cdek.texts.js';

/** Lists CDEK's registers of a day: collected cash that it transferred, in the contract's currency. */
export const listRegisters: CdekMethod<'listRegisters'> = async (api, date, context) => {
  const { registries = [] } = await api.registries(context, { query: { date } });
  return registries.map((registry) => toRegister(registry, date, context));
};

function toRegister(registry: CdekRegistry, day: string, context: CdekContext): Register {
  const { registry_number: id, payment_date: date = day, payment_order_number: document, sum, orders } = registry;
  return {
    ...{ id, kind: 'payout', date, currency: context.settings.currency, total: toMinor(sum, context) },
    ...(document && { document }),
    rows: orders.map((order, at) => toRow(order, at + 1, context)),
  };
}

/** CDEK does not publish how its amounts add up, so a row whose amounts do not has a note. */
function toRow(order: CdekRegistry['orders'][number], line: number, context: CdekContext): RegisterRow {
  const { cdek_number: trackNumber, basis_type = 'ORDER' } = order;
  const [gross, net] = [toMinor(order.payment_sum, context), toMinor(order.transfer_sum, context)];
  const fees = [
    { code: 'delivery', minor: toMinor(order.total_sum_without_agent, context) },
    { code: 'commission', minor: toMinor(order.agent_commission_sum, context) },
  ].filter(({ minor }) => minor !== 0);
  const rest = fees.reduce((sum, { minor }) => sum - minor, gross - net);
  const notes = [
    ...(basis_type === 'ORDER' ? [] : [fillIn(texts.registerBasis, { basis: basis_type })]),
    ...(rest === 0 ? [] : [texts.registerRest]),
  ];
  return {
    ...{ line, trackNumber, gross, fees, net },
    kind: basis_type !== 'ORDER' ? 'other' : gross > 0 ? 'sale' : 'fee',
    ...(notes.length > 0 && { text: notes.map((note) => say(note, context)).join('; ') }),
  };
}

/** Minor units of the contract's currency. */
function toMinor(amount: number, { settings }: CdekContext): number {
  return readMoney(amount, settings.currency).minor;
}
