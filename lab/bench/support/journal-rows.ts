/** SQL: rows $1 to $2 of $3, spread over $5 seconds from $4. Bodies are as long as in a save. */
export const JOURNAL_SEED = `
  INSERT INTO journal_entry (id, at, connection_id, module, provider, kind, name, verb, address, status, outcome, error, duration_ms, request, subjects, phones, request_body, reply_body)
  SELECT (lpad(to_hex((extract(epoch FROM at) * 1000)::bigint), 12, '0') || '7' || substr(md5(n::text), 1, 3) || '8' || substr(md5(n::text), 4, 15))::uuid, at,
    ('01900000-0000-7000-8000-' || lpad((n % 1000)::text, 12, '0'))::uuid, 'courier', 'courier',
    (ARRAY['callback', 'provider', 'provider', 'crm'])[1 + n % 4], (ARRAY['delivery.save', 'save', 'track', 'delivery.tracking'])[1 + n % 4], 'POST',
    'https://api.example.com/v2/orders', CASE WHEN n % 50 = 0 THEN 503 ELSE 200 END, CASE WHEN n % 50 = 0 THEN 'unavailable' ELSE 'ok' END, NULL, 12.5,
    md5((n / 3)::text), ARRAY['order:' || n / 4, 'delivery:' || md5((n / 4)::text)], CASE WHEN n % 4 = 0 THEN ARRAY[substr(md5((n / 40)::text), 1, 16)] END,
    ('{"type":"application/json","size":1800,"content":{"order":"' || n || '","a":"' || md5(n::text) || md5((n + 1)::text) || '","items":["' || repeat('***(12)","', 60) || '"]}}')::json,
    ('{"type":"application/json","size":120,"content":{"success":true,"deliveryId":"' || md5(n::text) || '"}}')::json
  FROM (SELECT n, $4::timestamptz + make_interval(secs => $5::float8 * n / $3::float8) AS at FROM generate_series($1::int, $2::int) n) rows`;
