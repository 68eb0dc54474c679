// @ts-check
import assert from 'node:assert/strict';
import test from 'node:test';

import { Problem, callApi, csrfHeaders } from '../../../static/js/lib/api.js';
import { problemOf } from '../../../static/js/lib/problem.js';

/** @param {Response | Error} answer */
function fetching(answer) {
  /** @type {any[]} */
  const calls = [];
  const fetch = /** @type {any} */ (async (/** @type {any[]} */ ...call) => {
    calls.push(call);
    if (answer instanceof Error) throw answer;
    return answer;
  });
  return { calls, options: { fetch, headers: { 'X-CSRF-Token': 't' } } };
}

test('a call sends JSON with the token and reads JSON', async () => {
  const { calls, options } = fetching(Response.json({ id: 'c1' }));
  assert.deepEqual(await callApi('POST', '/api/conversations', { title: 'T' }, options), { id: 'c1' });
  const [path, init] = calls[0];
  assert.equal(path, '/api/conversations');
  assert.equal(init.method, 'POST');
  assert.equal(init.headers['X-CSRF-Token'], 't');
  assert.equal(init.headers['Content-Type'], 'application/json');
  assert.equal(init.body, '{"title":"T"}');
});

test('an answer without content is null', async () => {
  assert.equal(await callApi('DELETE', '/x', undefined, fetching(new Response(null, { status: 204 })).options), null);
});

test('a refusal keeps its code, its words and how long to wait', async () => {
  const body = JSON.stringify({ title: 'Slow down', detail: 'Twenty a minute', code: 'rate_limited', retry_after: 24 });
  const refusal = new Response(body, { status: 429, headers: { 'Content-Type': 'application/problem+json' } });
  const error = await callApi('POST', '/x', {}, fetching(refusal).options).catch((problem) => problem);
  assert.ok(error instanceof Problem);
  assert.deepEqual([error.status, error.code, error.message, error.retryAfter, error.retry_after], [429, 'rate_limited', 'Twenty a minute', 24, 24]);
});

test('the wait is read from the header where the document has none', async () => {
  const now = Date.parse('2030-01-01T00:00:00Z');
  for (const [value, seconds] of [['7', 7], ['Tue, 01 Jan 2030 00:00:30 GMT', 30], ['Mon, 01 Jan 2029 00:00:00 GMT', 0], ['soon', null]]) {
    const refusal = new Response('busy', { status: 503, headers: { 'Retry-After': String(value) } });
    assert.equal((await problemOf(refusal, now)).retryAfter, seconds);
  }
});

test('a page in the place of a document still makes a problem with a code', async () => {
  for (const [status, code] of /** @type {[number, string][]} */ ([[400, 'invalid'], [401, 'unauthenticated'], [404, 'not_found'], [500, 'internal'], [502, 'unavailable']])) {
    const problem = await problemOf(new Response('<h1>Oh no</h1>', { status, headers: { 'Content-Type': 'text/html' } }));
    assert.equal(problem.code, code);
    assert.match(problem.title, new RegExp(String(status)));
  }
});

test('a document cut short is no error of its own', async () => {
  const cut = new Response('{"title": "Slo', { status: 429, headers: { 'Content-Type': 'application/problem+json' } });
  assert.equal((await problemOf(cut)).code, 'rate_limited');
});

test('no network is a problem too, and an abort is not', async () => {
  const offline = await callApi('GET', '/x', undefined, fetching(new TypeError('failed')).options).catch((problem) => problem);
  assert.equal(offline.code, 'offline');
  const abort = new AbortController();
  abort.abort();
  const aborted = fetching(new DOMException('aborted', 'AbortError'));
  const error = await callApi('GET', '/x', undefined, { ...aborted.options, signal: abort.signal }).catch((given) => given);
  assert.equal(error.name, 'AbortError');
});

test('the token is the one of the page', () => {
  const page = (/** @type {string | null} */ token) => /** @type {any} */ ({
    querySelector: () => token && { getAttribute: () => token },
  });
  assert.deepEqual(csrfHeaders(page('abc')), { 'X-CSRF-Token': 'abc' });
  assert.deepEqual(csrfHeaders(page(null)), {});
});
