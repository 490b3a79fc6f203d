import { invalid, notFound } from '../engine/api-error.js';
import type { Call, Handlers } from '../engine/call.js';
import { readLimit, paginate } from '../engine/paging.js';
import { type JsonObject, asNumber, asObject, asObjects, asText, copy, pick } from '../json.js';
import { type FilterRules, applyFilter } from './filters.js';
import { itemPrice, round, showOrder } from './order-record.js';
import { findReferenced, list, merge, recordById, readSite } from './records.js';

/** Operations with bonuses by their loyalty programme. */
const OPERATION_FILTER: FilterRules = { loyalties: 'loyalty.id' };

/** `loyalty/*`: one program, customers' accounts and bonuses. Activation and charges require no SMS here. */
export function loyaltyHandlers(): Handlers {
  return { ...accountHandlers(), ...bonusHandlers(), ...discountHandlers(), ...orderBonusHandlers() };
}

/** Loyalties and their accounts. */
function accountHandlers(): Handlers {
  return {
    'loyalty.loyalties': list(),

    'loyalty.get': (call) => ({ loyalty: recordById(call, 'loyalties'), requiredFields: [] }),

    'loyalty.accounts': list({
      phoneNumber: '~phoneNumber',
      cardNumber: '~cardNumber',
      customer: '~customer.lastName customer.firstName',
      loyalties: 'loyalty.id',
      level: 'level.id',
    }),

    'loyalty.accountGet': (call) => ({ loyaltyAccount: recordById(call, 'loyaltyAccounts') }),

    'loyalty.accountCreate': (call) => {
      const site = readSite(call);
      const given = asObject(call.input['loyaltyAccount']);
      const customer = findReferenced(call.crm, 'customers', given['customer']);
      if (!customer) throw invalid({ 'loyaltyAccount.customer': 'is not known' });
      if (asText(given['phoneNumber']) === undefined && asText(given['cardNumber']) === undefined)
        throw invalid({ 'loyaltyAccount.phoneNumber': 'phoneNumber or cardNumber is required' });
      if (call.crm.rows('loyaltyAccounts').some((row) => asObject(row['customer'])['id'] === customer['id']))
        throw invalid({ 'loyaltyAccount.customer': 'takes part already' });
      const loyalty = asObject(call.crm.rows('loyalties')[0]);
      const account = call.crm.insert('loyaltyAccounts', {
        active: false,
        amount: 0,
        ordersSum: 0,
        createdAt: call.crm.now(),
        status: 'not_confirmed',
        customFields: {},
        ...pick(given, ['phoneNumber', 'cardNumber', 'customFields']),
        customer: toCustomer(customer),
        loyalty: { id: loyalty['id'], name: loyalty['name'], currency: loyalty['currency'], active: loyalty['active'] },
        level: asObjects(loyalty['levels'])[0] ?? {},
      });
      return { site, loyaltyAccount: account, warnings: [] };
    },

    'loyalty.accountEdit': (call) => {
      const account = recordById(call, 'loyaltyAccounts');
      const given = asObject(call.input['loyaltyAccount']);
      merge(account, pick(given, ['phoneNumber', 'cardNumber', 'customFields']));
      call.crm.changed();
      return { loyaltyAccount: account, warnings: [] };
    },

    'loyalty.accountActivate': (call) => {
      const account = recordById(call, 'loyaltyAccounts');
      Object.assign(account, { active: true, status: 'activated', activatedAt: call.crm.now() });
      call.crm.changed();
      return { loyaltyAccount: account };
    },
  };
}

/** Bonuses of accounts. */
function bonusHandlers(): Handlers {
  return {
    'loyalty.accountBonusCredit': (call) => {
      const account = activeAccount(call);
      const amount = readAmount(call);
      account['amount'] = round((asNumber(account['amount']) ?? 0) + amount);
      operate(call, account, 'credit_manual', amount);
      return {
        loyaltyBonus: {
          amount,
          activationDate: asText(call.input['activationDate']) ?? call.crm.today(),
          expireDate: call.input['expireDate'],
        },
      };
    },

    'loyalty.accountBonusCharge': (call) => {
      const account = activeAccount(call);
      const amount = readAmount(call);
      if (amount > (asNumber(account['amount']) ?? 0)) throw invalid({ amount: `the account has ${String(account['amount'])} bonuses` });
      account['amount'] = round((asNumber(account['amount']) ?? 0) - amount);
      operate(call, account, 'charge_manual', -amount);
      return {};
    },

    'loyalty.accountBonusOperations': list(OPERATION_FILTER, {
      from: (call) => {
        const account = recordById(call, 'loyaltyAccounts');
        return call.crm.rows('bonusOperations').filter((row) => asObject(row['loyaltyAccount'])['id'] === account['id']);
      },
      show: showOperation,
    }),

    'loyalty.bonusOperations': (call) => {
      const limit = readLimit(call.input);
      const cursor = Number(asText(call.input['cursor']) ?? '0');
      if (!Number.isInteger(cursor) || cursor < 0) throw invalid({ cursor: 'is not one that this API gave' });
      const rows = applyFilter(call, call.crm.rows('bonusOperations'), OPERATION_FILTER).filter(
        (row) => (asNumber(row['id']) ?? 0) > cursor,
      );
      const shown = rows.slice(0, limit);
      return {
        bonusOperations: shown.map(showOperation),
        pagination: rows.length > limit ? { nextCursor: String(shown.at(-1)?.['id']) } : {},
      };
    },

    'loyalty.getBonusAccountDetails': (call) => {
      recordById(call, 'loyaltyAccounts');
      if (!['waiting_activation', 'burn_soon'].includes(call.path['status'] ?? ''))
        throw invalid({ status: 'must be waiting_activation or burn_soon' });
      const page = paginate([], call.input);
      return { statistic: { totalAmount: 0 }, bonuses: page.rows, pagination: page.pagination };
    },
  };
}

/** Discounts by a loyalty. */
function discountHandlers(): Handlers {
  return {
    'loyalty.calculate': (call) => {
      const site = readSite(call);
      const order = asObject(call.input['order']);
      const items = asObjects(order['items']).map((item) => ({
        ...copy(item),
        discountTotal: 0,
        bonusesChargeTotal: 0,
        bonusesCreditTotal: 0,
        prices: [{ price: itemPrice(item), quantity: asNumber(item['quantity']) ?? 1 }],
      }));
      const sum = items.reduce((total, item) => total + itemPrice(item) * (asNumber(asObject(item)['quantity']) ?? 1), 0);
      const loyalty = asObject(call.crm.rows('loyalties')[0]);
      const credit = round((sum * (asNumber(asObjects(loyalty['levels'])[0]?.['privilegeSize']) ?? 0)) / 100);
      return {
        order: {
          bonusesCreditTotal: credit,
          bonusesChargeTotal: 0,
          privilegeType: 'loyalty_level',
          totalSumm: round(sum),
          personalDiscountPercent: 0,
          site,
          currency: call.crm.currency,
          items,
        },
        calculations: [
          { privilegeType: 'none', discount: 0, creditBonuses: 0, maxChargeBonuses: 0, maximum: false },
          { privilegeType: 'loyalty_level', discount: 0, creditBonuses: credit, maxChargeBonuses: 0, maximum: true },
        ],
        loyalty: { name: loyalty['name'], chargeRate: 1 },
      };
    },
  };
}

/** Bonuses that an order spends. */
function orderBonusHandlers(): Handlers {
  return {
    'orders.loyaltyApply': (call) => {
      const order = findReferenced(call.crm, 'orders', call.input['order']);
      if (!order) throw invalid({ order: 'is not known' });
      const account = accountOfOrder(call, order);
      if (!account) throw invalid({ order: 'the customer takes no part in a loyalty programme' });
      const bonuses = asNumber(call.input['bonuses']) ?? 0;
      if (bonuses <= 0) throw invalid({ bonuses: 'must be more than 0' });
      if (bonuses > (asNumber(account['amount']) ?? 0)) throw invalid({ bonuses: `the account has ${String(account['amount'])} bonuses` });
      account['amount'] = round((asNumber(account['amount']) ?? 0) - bonuses);
      order['bonusesChargeTotal'] = round((asNumber(order['bonusesChargeTotal']) ?? 0) + bonuses);
      operate(call, account, 'charge_for_order', -bonuses, order);
      const shown = copy(order);
      return {
        order: {
          bonusesCreditTotal: asNumber(shown['bonusesCreditTotal']) ?? 0,
          bonusesChargeTotal: shown['bonusesChargeTotal'],
          privilegeType: 'loyalty_level',
          totalSumm: round((asNumber(shown['totalSumm']) ?? 0) - bonuses),
          personalDiscountPercent: 0,
          loyaltyAccount: { id: account['id'], amount: account['amount'] },
          customer: { id: asObject(shown['customer'])['id'] },
          delivery: { cost: asNumber(asObject(shown['delivery'])['cost']) ?? 0 },
          site: shown['site'],
          items: asObjects(shown['items']).map((item) => ({
            id: item['id'],
            initialPrice: item['initialPrice'],
            discountTotal: item['discountTotal'],
            quantity: item['quantity'],
            offer: item['offer'],
            bonusesChargeTotal: 0,
            bonusesCreditTotal: 0,
          })),
        },
      };
    },

    'orders.cancelBonusOperations': (call) => {
      const order = findReferenced(call.crm, 'orders', call.input['order']);
      if (!order) throw invalid({ order: 'is not known' });
      const account = accountOfOrder(call, order);
      const charged = asNumber(order['bonusesChargeTotal']) ?? 0;
      if (account && charged > 0) {
        account['amount'] = round((asNumber(account['amount']) ?? 0) + charged);
        operate(call, account, 'cancel_of_charge', charged, order);
      }
      order['bonusesChargeTotal'] = 0;
      order['bonusesCreditTotal'] = 0;
      call.crm.changed();
      return { order: showOrder(call.crm, order) };
    },
  };
}

function activeAccount(call: Call): JsonObject {
  const account = recordById(call, 'loyaltyAccounts');
  if (account['active'] !== true) throw invalid({ id: 'the account is not activated' });
  return account;
}

function accountOfOrder(call: Call, order: JsonObject): JsonObject | undefined {
  return call.crm.rows('loyaltyAccounts').find((row) => asObject(row['customer'])['id'] === asObject(order['customer'])['id']);
}

function readAmount(call: Call): number {
  const amount = asNumber(call.input['amount']);
  if (amount === undefined || amount <= 0) throw invalid({ amount: 'must be more than 0' });
  return amount;
}

function operate(call: Call, account: JsonObject, type: string, amount: number, order?: JsonObject): void {
  call.crm.insert('bonusOperations', {
    type,
    createdAt: call.crm.now(),
    amount,
    loyaltyAccount: { id: account['id'] },
    loyalty: { id: asObject(account['loyalty'])['id'] },
    ...(order ? { order: pick(order, ['id', 'externalId']) } : {}),
  });
}

function showOperation({ id: _id, ...operation }: JsonObject): JsonObject {
  return operation;
}

function toCustomer(customer: JsonObject): JsonObject {
  if (customer['id'] === undefined) throw notFound();
  return pick(customer, ['site', 'id', 'externalId', 'type', 'firstName', 'lastName', 'patronymic']);
}
