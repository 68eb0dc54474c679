// @ts-check
/**
 * Sends one file as a form, and tells how much of it is out. XMLHttpRequest, because `fetch` does not
 * say what it has sent. Imports nothing.
 */

/** @typedef {{id: string, title: string, passages: number, duplicate: boolean}} Added */

/**
 * The document that the server made of `file`; an Error with the server's own words when it refuses.
 *
 * @param {string} url
 * @param {File} file
 * @param {{token: string, signal: AbortSignal, onProgress: (share: number) => void}} options
 *   `token` is the page's CSRF token; `onProgress` gets 1 once everything is sent.
 * @returns {Promise<Added>}
 */
export function sendFile(url, file, { token, signal, onProgress }) {
  const request = new XMLHttpRequest();
  const form = new FormData();
  form.append('file', file);
  return new Promise((resolve, reject) => {
    request.open('POST', url);
    request.setRequestHeader('Accept', 'application/json');
    request.setRequestHeader('X-CSRF-Token', token);
    request.responseType = 'json';
    request.upload.onprogress = ({ loaded, total }) => onProgress(total ? loaded / total : 0);
    request.upload.onload = () => onProgress(1);
    request.onload = () => {
      if (request.status < 300) resolve(request.response.items[0]);
      else reject(new Error(request.response?.detail ?? `The server answered ${request.status}.`));
    };
    request.onerror = () =>
      reject(new Error('The server cannot be reached, or the file cannot be read. Try again.'));
    request.onabort = () => reject(new Error('Cancelled.'));
    signal.addEventListener('abort', () => request.abort());
    request.send(form);
  });
}
