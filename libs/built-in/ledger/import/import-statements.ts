import { buildOfferId } from '../offer-search.js';
import { MOST_STORES } from '../ledger.settings.js';

/** The meaning of a line's quantity: a change, or the stock with or without reservations. */
export type Counting = 'adjust' | 'onHand' | 'available';

/** SQL: the change of a line `l` to its balance `b`. */
const DELTA: Readonly<Record<Counting, string>> = {
  adjust: 'coalesce(l.quantity, 0)',
  onHand: 'coalesce(l.quantity - b.on_hand, 0)',
  available: 'coalesce(l.quantity - (b.on_hand - b.reserved), 0)',
};

const LINES_AND_BALANCES = 'ledger_import_line l JOIN ledger_balance b USING (offer_id, warehouse)';
/** Beyond this a balance would not be exact as a JavaScript number. */
const MOST = '9000000000000000';

const NAMED_OFFER = buildOfferId('l', 'NULL');

/** Finds the offers of lines. $1: connection, $2: import. */
export const RESOLVE = `
  UPDATE ledger_import_line l SET offer_id = ${NAMED_OFFER} WHERE l.import_id = $2 AND l.offer_id IS NULL AND ${NAMED_OFFER} IS NOT NULL`;

/**
 * Creates missing offers, one identifier at a time, strongest first. Lines that share it with a line of a
 * known offer take that offer. $1: connection, $2: import.
 */
export const SETTLE = (['crm_id', 'xml_id', 'external_id'] as const).map((name) => {
  const same = name === 'external_id' ? `external_id, coalesce(site, '')` : name;
  return {
    share: `
      UPDATE ledger_import_line l SET offer_id = f.offer_id
      FROM (SELECT ${same}, min(offer_id) FROM ledger_import_line WHERE import_id = $1 AND offer_id IS NOT NULL AND ${name} IS NOT NULL GROUP BY ${same}) f (${
        name === 'external_id' ? 'external_id, site' : name
      }, offer_id)
      WHERE l.import_id = $1 AND l.offer_id IS NULL AND l.${name} = f.${name}${name === 'external_id' ? ` AND coalesce(l.site, '') = f.site` : ''}`,
    create: `
      INSERT INTO ledger_offer (connection_id, crm_id, xml_id, external_id, site)
      SELECT DISTINCT ON (${same}) $1::uuid, crm_id, xml_id, external_id, coalesce(site, '') FROM ledger_import_line
      WHERE import_id = $2 AND offer_id IS NULL AND ${name} IS NOT NULL ORDER BY ${same}, line
      ON CONFLICT DO NOTHING`,
  };
});

/** SQL: the lines with their offers and the identifiers these would have. $1: import. */
const NAMED = `
  SELECT l.line, o.id, o.connection_id, coalesce(l.xml_id, o.xml_id) AS xml_id, coalesce(l.external_id, o.external_id) AS external_id, coalesce(l.site, o.site) AS site,
    l.xml_id IS NOT NULL AND l.xml_id IS DISTINCT FROM o.xml_id AS new_xml_id,
    (l.external_id IS NOT NULL AND l.external_id IS DISTINCT FROM o.external_id) OR (l.site IS NOT NULL AND l.site <> o.site) AS new_external_id
  FROM ledger_import_line l JOIN ledger_offer o ON o.id = l.offer_id WHERE l.import_id = $1`;

/** Lines whose identifiers contradict each other. Each returns `line` and `error`. $1: import. */
export const MISNAMED = [
  // Several lines of one offer.
  `SELECT l.line, 'is the same offer as line ' || f.line || ', under another identifier' AS error
   FROM ledger_import_line l JOIN (
     SELECT offer_id, min(line) AS line, min(crm_id) <> max(crm_id) AS ids, min(xml_id) <> max(xml_id) AS xml_ids, min(external_id) <> max(external_id) AS external_ids
     FROM ledger_import_line WHERE import_id = $1 GROUP BY offer_id
   ) f USING (offer_id)
   WHERE l.import_id = $1 AND l.line > f.line
     AND ((f.ids AND l.crm_id IS NOT NULL) OR (f.xml_ids AND l.xml_id IS NOT NULL) OR (f.external_ids AND l.external_id IS NOT NULL))`,
  // One identifier of several offers: in the ledger, then in the file.
  `SELECT n.line, 'xmlId belongs to another offer' AS error FROM (${NAMED}) n
   JOIN ledger_offer o ON o.connection_id = n.connection_id AND o.xml_id = n.xml_id AND o.id <> n.id WHERE n.new_xml_id`,
  `SELECT n.line, 'externalId belongs to another offer' AS error FROM (${NAMED}) n
   JOIN ledger_offer o ON o.connection_id = n.connection_id AND o.external_id = n.external_id AND o.site = n.site AND o.id <> n.id WHERE n.new_external_id`,
  ...(['xml_id', 'external_id, site'] as const).map(
    (names) => `
    WITH named AS (${NAMED}),
    shared AS (SELECT ${names}, min(line) AS first FROM named WHERE ${names.split(',')[0]} IS NOT NULL GROUP BY ${names} HAVING min(id) <> max(id))
    SELECT n.line, '${names === 'xml_id' ? 'xmlId' : 'externalId'} belongs to another offer, of line ' || s.first AS error
    FROM named n JOIN shared s USING (${names}) WHERE n.line > s.first AND n.new_${names === 'xml_id' ? 'xml_id' : 'external_id'}`,
  ),
];

/** Lines that set a balance that an earlier line sets. Returns `line` and `error`. $1: import. */
export const REPEATED = `
  SELECT l.line, 'is the same offer and warehouse as line ' || f.line AS error
  FROM ledger_import_line l JOIN (SELECT offer_id, warehouse, min(line) AS line FROM ledger_import_line WHERE import_id = $1 GROUP BY offer_id, warehouse HAVING count(*) > 1) f
    USING (offer_id, warehouse)
  WHERE l.import_id = $1 AND l.line > f.line`;

/** Stores the identifiers in lines with their offers. $1: import. */
export const NAME_OFFERS = `
  UPDATE ledger_offer o SET crm_id = coalesce(f.crm_id, o.crm_id), xml_id = coalesce(f.xml_id, o.xml_id), external_id = coalesce(f.external_id, o.external_id),
    site = coalesce(f.site, o.site)
  FROM (SELECT offer_id, max(crm_id) AS crm_id, max(xml_id) AS xml_id, max(external_id) AS external_id, max(site) AS site
        FROM ledger_import_line WHERE import_id = $1 GROUP BY offer_id) f
  WHERE o.id = f.offer_id AND (coalesce(f.crm_id, o.crm_id), coalesce(f.xml_id, o.xml_id), coalesce(f.external_id, o.external_id), coalesce(f.site, o.site))
    IS DISTINCT FROM (o.crm_id, o.xml_id, o.external_id, o.site)`;

/** Creates missing balances at 0, in locking order. $1: connection, $2: import. */
export const OPEN_BALANCES = `
  INSERT INTO ledger_balance (connection_id, offer_id, warehouse)
  SELECT DISTINCT $1::uuid, l.offer_id, l.warehouse FROM ledger_import_line l
  WHERE l.import_id = $2 AND NOT EXISTS (SELECT FROM ledger_balance b WHERE b.offer_id = l.offer_id AND b.warehouse = l.warehouse)
  ORDER BY l.offer_id, l.warehouse ON CONFLICT DO NOTHING`;

/** Offers that would be in more warehouses than the CRM accepts. Returns `line` and `error`. $1: import. */
export const TOO_MANY_STORES = `
  SELECT f.line, 'puts the offer into more than ${MOST_STORES} warehouses' AS error
  FROM (SELECT l.offer_id, max(l.line) AS line FROM ${LINES_AND_BALANCES} WHERE l.import_id = $1 AND b.updated_at IS NULL GROUP BY l.offer_id) f
  WHERE (SELECT count(*) FROM ledger_balance b WHERE b.offer_id = f.offer_id) > ${MOST_STORES}`;

/** Builds the statements about balances, for a way of counting. */
export function buildBalanceStatements(counting: Counting): Record<'dropUnchanged' | 'lock' | 'refuse' | 'post', string> {
  const delta = DELTA[counting];
  return {
    // A line without an effect is dropped, and its balance does not have to be locked. $1: import.
    dropUnchanged: `
      DELETE FROM ledger_import_line l USING ledger_balance b
      WHERE l.import_id = $1 AND b.offer_id = l.offer_id AND b.warehouse = l.warehouse AND b.updated_at IS NOT NULL AND ${delta} = 0
        AND (l.price_minor IS NULL OR (l.price_minor, l.price_currency) IS NOT DISTINCT FROM (b.price_minor, b.price_currency))`,
    // In the order of the key, like all other locks. $1: import.
    lock: `SELECT count(*) FROM (SELECT 1 FROM ${LINES_AND_BALANCES} WHERE l.import_id = $1 ORDER BY b.offer_id, b.warehouse FOR UPDATE OF b) locked`,
    // Returns the last line of each balance that would be out of range. $1: import, $2: negative allowed.
    refuse: `
      SELECT line, CASE WHEN after < reserved AND sum < 0 THEN
          'leaves ' || trim_scale(after / 1000000.0) || ' in stock, and ' || CASE WHEN reserved > 0 THEN trim_scale(reserved / 1000000.0) || ' are reserved' ELSE 'it must not go below 0' END
        ELSE 'makes the balance too large' END AS error
      FROM (SELECT max(l.line) AS line, b.reserved, sum(${delta}) AS sum, b.on_hand + sum(${delta}) AS after
            FROM ${LINES_AND_BALANCES} WHERE l.import_id = $1 GROUP BY b.offer_id, b.warehouse, b.reserved, b.on_hand) sums
      WHERE (NOT $2::boolean AND after < reserved AND sum < 0) OR abs(after) > ${MOST}`,
    // Writes movements with their balances. $1: connection, $2: import, $3: kind, $4: negative allowed.
    post: `
      WITH moved AS (
        INSERT INTO ledger_movement (connection_id, kind, offer_id, warehouse, on_hand, reserved, price_minor, price_currency, import_id, line)
        SELECT $1::uuid, $3, l.offer_id, l.warehouse, ${delta}, 0, l.price_minor, l.price_currency, $2, l.line
        FROM ${LINES_AND_BALANCES} WHERE l.import_id = $2 ORDER BY l.line
        RETURNING offer_id, warehouse, on_hand, line, price_minor, price_currency
      ),
      changed AS (
        SELECT offer_id, warehouse, sum(on_hand) AS on_hand, (array_agg(price_minor ORDER BY line DESC) FILTER (WHERE price_minor IS NOT NULL))[1] AS price_minor,
          (array_agg(price_currency ORDER BY line DESC) FILTER (WHERE price_minor IS NOT NULL))[1] AS price_currency
        FROM moved GROUP BY offer_id, warehouse
      )
      UPDATE ledger_balance b SET on_hand = b.on_hand + c.on_hand, updated_at = now(), price_minor = coalesce(c.price_minor, b.price_minor),
        price_currency = coalesce(c.price_currency, b.price_currency), negative_allowed = CASE WHEN c.on_hand < 0 THEN $4::boolean ELSE b.negative_allowed END
      FROM changed c WHERE b.offer_id = c.offer_id AND b.warehouse = c.warehouse`,
  };
}

/** Offers whose balances the remaining lines change. $1: import. */
export const CHANGED_OFFERS = `
  SELECT id, crm_id, xml_id, external_id, site FROM ledger_offer WHERE id IN (SELECT offer_id FROM ledger_import_line WHERE import_id = $1) ORDER BY id`;
