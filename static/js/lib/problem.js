// @ts-check
/**
 * Problem documents (RFC 9457): what the server says when it refuses, as one
 * error type. Whatever came back, a person gets a title and the page a code,
 * and how long to wait is never lost. Imports nothing.
 */

/** A refusal of the server, or an answer that is not the server's. */
export class Problem extends Error {
  /**
   * @param {{status: number, code: string, title: string, detail?: string,
   *   retryAfter?: number | null, fields?: Record<string, unknown>}} parts
   *   `retryAfter` in seconds.
   */
  constructor({ status, code, title, detail = '', retryAfter = null, fields = {} }) {
    super(detail || title);
    this.name = 'Problem';
    this.status = status;
    this.code = code;
    this.title = title;
    this.detail = detail;
    this.retryAfter = retryAfter;
    this.fields = fields;
  }

  /** The name that the protocol gives to `retryAfter`. */
  get retry_after() {
    return this.retryAfter;
  }
}

/**
 * Reads the problem of a response that is not a success.
 *
 * @param {Response} response
 * @param {number} [now] milliseconds since the epoch, for a dated Retry-After
 * @returns {Promise<Problem>}
 */
export async function problemOf(response, now = Date.now()) {
  const document = await readDocument(response);
  const { title, detail, code, retry_after: wait } = document ?? {};
  return new Problem({
    status: response.status,
    code: typeof code === 'string' ? code : codeOf(response.status),
    title: typeof title === 'string' ? title : `The server answered ${response.status}`,
    detail: typeof detail === 'string' ? detail : '',
    retryAfter: typeof wait === 'number' ? wait : retryAfterOf(response.headers, now),
    fields: document ?? {},
  });
}

/**
 * Seconds of a Retry-After header, given as seconds or as a date (RFC 9110,
 * 10.2.3); null without one.
 *
 * @param {Headers} headers @param {number} now
 */
export function retryAfterOf(headers, now) {
  const value = headers.get('Retry-After')?.trim();
  if (!value) return null;
  if (/^[0-9]+$/.test(value)) return Number(value);
  const date = Date.parse(value);
  return Number.isNaN(date) ? null : Math.max(0, Math.ceil((date - now) / 1000));
}

/**
 * @param {Response} response
 * @returns {Promise<Record<string, unknown> | null>}
 */
async function readDocument(response) {
  if (!/[/+]json\b/i.test(response.headers.get('Content-Type') ?? '')) return null;
  try {
    const value = await response.json();
    return value !== null && typeof value === 'object' ? value : null;
  } catch {
    // A body cut short says nothing; the status still does.
    return null;
  }
}

/** @param {number} status */
function codeOf(status) {
  const codes = /** @type {Record<number, string>} */ ({
    401: 'unauthenticated', 403: 'csrf', 404: 'not_found', 409: 'conflict',
    413: 'too_large', 429: 'rate_limited', 502: 'unavailable', 503: 'unavailable',
    504: 'unavailable',
  });
  return codes[status] ?? (status < 500 ? 'invalid' : 'internal');
}
