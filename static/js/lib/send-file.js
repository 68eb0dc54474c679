// @ts-check
/**
 * Sends one file as a form, and tells how much of it is out. XMLHttpRequest, because `fetch` does not
 * say what it has sent. Imports nothing.
 */

/**
 * @typedef {{id: string, name: string, size: number, state: string, message: string, done: number,
 *   total: number, retryable?: boolean, refused: {name: string, detail: string}[],
 *   documents?: {id: string, duplicate: boolean}[]}} Upload
 */

const A_MOMENT = 300; // milliseconds; the browser tells late what has been sent

/** A file that did not arrive. */
export class SendError extends Error {
  /** @param {string} message @param {boolean} retryable */
  constructor(message, retryable) {
    super(message);
    this.retryable = retryable;
  }
}

/**
 * The upload that the server made of `file`, waiting to be read; an Error with the server's own words
 * when it refuses, whose `retryable` says whether sending it again may help.
 *
 * @param {string} url
 * @param {File} file
 * @param {{token: string, fields: Record<string, string>, signal: AbortSignal,
 *   onProgress: (share: number) => void}} options
 *   `token` is the page's CSRF token; `onProgress` gets 1 once everything is sent. `signal` ends only what
 *   takes longer than a moment: of what has arrived by then, the server's answer says by which id it can
 *   be taken back.
 * @returns {Promise<Upload>}
 */
export function sendFile(url, file, { token, fields, signal, onProgress }) {
  const request = new XMLHttpRequest();
  const form = new FormData();
  for (const [name, value] of Object.entries(fields)) form.append(name, value);
  form.append('file', file);
  return new Promise((resolve, reject) => {
    request.open('POST', url);
    request.setRequestHeader('Accept', 'application/json');
    request.setRequestHeader('X-CSRF-Token', token);
    request.responseType = 'json';
    request.upload.onprogress = ({ loaded, total }) => onProgress(total ? loaded / total : 0);
    let isWhole = false;
    request.upload.onload = () => {
      isWhole = true;
      onProgress(1);
    };
    request.onload = () => {
      if (request.status < 300) resolve(request.response.items?.[0] ?? request.response);
      else reject(new SendError(request.response?.detail ?? `The server answered ${request.status}.`, request.status >= 500 || request.status === 429));
    };
    request.onerror = () =>
      reject(new SendError('The server cannot be reached, or the file cannot be read. Try again.', true));
    request.onabort = () => reject(new SendError('Cancelled.', true));
    signal.addEventListener('abort', () => setTimeout(() => isWhole || request.abort(), A_MOMENT));
    request.send(form);
  });
}
