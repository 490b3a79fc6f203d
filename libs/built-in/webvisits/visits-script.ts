import { sha256Hex } from '#platform';

/**
 * The script for the shop's site. It stores one random number (no cookie), only after consent, and sends
 * beacons to `visits/{connection}`. The connection is `data-connection` or `?connection=`.
 */
export const VISITS_SCRIPT = `(function () {
  'use strict';
  var script = document.currentScript;
  if (!script) return;
  var source = new URL(script.src);
  var connection = script.getAttribute('data-connection') || source.searchParams.get('connection');
  if (!connection) return;
  var target = source.origin + source.pathname.replace(/visits\\.js$/, 'visits/') + encodeURIComponent(connection);
  var KEY = 'site-visits:' + connection;
  var PING = 60000, NEW_VISIT = 1500000;
  var visitor = null, agreed = false, link = null, identities = {}, sent = 0, chain = Promise.resolve();

  function optedOut() {
    return navigator.globalPrivacyControl === true || navigator.doNotTrack === '1' || window.doNotTrack === '1';
  }
  function stored() {
    try { return localStorage.getItem(KEY); } catch (e) { return null; }
  }
  function store(value) {
    try { if (value) localStorage.setItem(KEY, value); else localStorage.removeItem(KEY); } catch (e) { /* storage is off: the number lives as long as the page */ }
  }
  function random() {
    var bytes = crypto.getRandomValues(new Uint8Array(16));
    return Array.prototype.map.call(bytes, function (byte) { return ('0' + byte.toString(16)).slice(-2); }).join('');
  }
  function send(beacon, last) {
    beacon.visitor = visitor;
    var body = JSON.stringify(beacon);
    sent = Date.now();
    if (last && navigator.sendBeacon) { navigator.sendBeacon(target, body); return; }
    chain = chain.then(function () {
      return fetch(target, { method: 'POST', body: body, credentials: 'omit', keepalive: true, mode: 'cors', referrerPolicy: 'no-referrer',
        headers: { 'content-type': 'text/plain' } });
    }).catch(function () { /* a page view lost is no error of the page */ });
  }
  function may() { return agreed && visitor && !optedOut(); }
  function withLink(beacon) {
    if (link) for (var name in link) if (link[name]) beacon[name] = link[name];
    return beacon;
  }
  function page() {
    if (!may()) return;
    send(withLink({ type: 'page', consent: true, url: location.href.slice(0, 4000), title: document.title.slice(0, 500),
      referrer: document.referrer.slice(0, 4000), lang: navigator.language }));
  }
  function ping() {
    if (!may() || document.visibilityState !== 'visible') return;
    if (Date.now() - sent > NEW_VISIT) page(); else send({ type: 'ping', consent: true });
  }
  function consent(yes) {
    agreed = !!yes;
    if (!agreed) { visitor = null; store(null); return; }
    if (optedOut()) return;
    if (visitor) return;
    var known = stored();
    visitor = /^[0-9a-f]{32}$/.test(known || '') ? known : random();
    store(visitor);
    page();
    for (var type in identities) identify(type, identities[type]);
  }
  function chat(ids) {
    link = ids && { externalChatId: ids.externalChatId, externalUserId: ids.externalUserId, signature: ids.signature };
    if (link && may()) send(withLink({ type: 'link', consent: true }));
  }
  function identify(type, ids) {
    identities[type] = ids;
    if (!ids || !may()) return;
    var beacon = { type: type, consent: true };
    ['externalId', 'number', 'signature'].forEach(function (name) { if (ids[name]) beacon[name] = String(ids[name]); });
    send(beacon);
  }
  function customer(ids) { identify('customer', ids); }
  function order(ids) { identify('order', ids); }
  function erase() {
    visitor = visitor || stored();
    if (visitor) send({ type: 'erase' });
    agreed = false; visitor = null; link = null; identities = {}; store(null);
  }
  var calls = { consent: consent, chat: chat, customer: customer, order: order, page: page, erase: erase };
  function siteVisits(name, value) { if (Object.prototype.hasOwnProperty.call(calls, name)) calls[name](value); }
  var queue = (window.siteVisits && window.siteVisits.q) || [];
  window.siteVisits = siteVisits;
  for (var i = 0; i < queue.length; i++) siteVisits(queue[i][0], queue[i][1]);
  if (script.getAttribute('data-consent') === 'granted' && !agreed) consent(true);
  setInterval(ping, PING);
  document.addEventListener('visibilitychange', function () {
    if (document.visibilityState === 'visible') ping();
  });
  addEventListener('pagehide', function () {
    if (may()) send({ type: 'leave', consent: true }, true);
  });
})();
`;

/** ETag for caches. */
export const VISITS_SCRIPT_TAG = `"${sha256Hex(VISITS_SCRIPT).slice(0, 32)}"`;
