// @ts-check
/**
 * Calls of the JSON interface: the header against forged requests goes along,
 * and a refusal comes out as a `Problem`, with how long to wait.
 */

import { Problem, problemOf } from './problem.js';

export { Problem };

/**
 * The header that unsafe methods need with a cookie; `{}` on a page without.
 *
 * @param {ParentNode} [page]
 * @returns {Record<string, string>}
 */
export function csrfHeaders(page = document) {
  const meta = page.querySelector('meta[name="csrf-token"]');
  const token = meta?.getAttribute('content');
  return token ? { 'X-CSRF-Token': token } : {};
}

/**
 * Calls `path`; resolves to the JSON of the answer, null where it has none.
 * Rejects with a `Problem`, also when there is no network (code `offline`).
 *
 * @param {string} method @param {string} path @param {unknown} [body] sent as JSON
 * @param {{signal?: AbortSignal, fetch?: typeof globalThis.fetch,
 *   headers?: Record<string, string>}} [options]
 * @returns {Promise<any>}
 */
export async function callApi(method, path, body, { signal, fetch = globalThis.fetch, headers } = {}) {
  const sent = /** @type {Record<string, string>} */ ({
    Accept: 'application/json', ...(headers ?? csrfHeaders()),
  });
  /** @type {RequestInit} */
  const init = { method, headers: sent, ...(signal && { signal }) };
  if (body !== undefined) {
    sent['Content-Type'] = 'application/json';
    init.body = JSON.stringify(body);
  }
  const response = await reach(fetch, path, init);
  if (!response.ok) throw await problemOf(response);
  return readJson(response);
}

/** @param {typeof globalThis.fetch} fetch @param {string} path @param {RequestInit} init */
async function reach(fetch, path, init) {
  try {
    return await fetch(path, init);
  } catch (error) {
    if (init.signal?.aborted) throw error;
    throw new Problem({ status: 0, code: 'offline', title: 'The server cannot be reached' });
  }
}

/** @param {Response} response */
async function readJson(response) {
  const text = await response.text();
  if (text === '') return null;
  try {
    return JSON.parse(text);
  } catch {
    // A page where JSON should be: a proxy, or a sign-in page after a redirect.
    throw new Problem({ status: response.status, code: 'unavailable', title: 'The answer cannot be read' });
  }
}
