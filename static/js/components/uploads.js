// @ts-check
/**
 * Adding files to the library: by drag and drop, by the dialog, by paste. Each file is a request of
 * its own, and a row that tells the share that is sent, then how far the server has read it, also after
 * a reload. With `data-to` they go to that address instead, which also lists them (account/imports.html).
 */

import { callApi } from '../lib/api.js';
import { createFollowing } from '../lib/following.js';
import { createQueue } from '../lib/queue.js';
import { sendFile } from '../lib/send-file.js';
import { acceptDrops, acceptPastes } from './incoming-files.js';
import { actionOf, fromTemplate, slot } from './template.js';
import { isOver, nameRow, showCancelling, showFailure, showSending, showUpload, tooLarge } from './upload-row.js';

const AT_ONCE = 2;
const MEGABYTE = 1024 * 1024;

/** @typedef {import('../lib/send-file.js').Upload} Upload */

/** @param {HTMLElement} element */
export function mount(element) {
  const uploads = new Uploads(/** @type {HTMLFormElement} */ (element));
  element.addEventListener('click', (event) => {
    if (actionOf(event)?.dataset['action'] === 'choose') uploads.chooser.click();
  });
  uploads.chooser.addEventListener('change', () => {
    uploads.add([...(uploads.chooser.files ?? [])]);
    uploads.chooser.value = '';
  });
  acceptDrops(uploads.drop, (files) => uploads.add(files));
  if (!element.dataset['to']) acceptPastes((files) => uploads.add(files));
}

/** The files that are on their way, a row for each. */
class Uploads {
  /** @param {HTMLFormElement} form */
  constructor(form) {
    const find = (/** @type {string} */ role) => {
      const found = form.parentElement?.querySelector(`[data-role="${role}"]`);
      return /** @type {HTMLElement} */ (found);
    };
    this.form = form;
    this.chooser = /** @type {HTMLInputElement} */ (find('files'));
    this.drop = find('drop');
    this.rows = find('rows');
    this.said = find('said');
    this.to = form.dataset['to'] ?? '/api/documents';
    const listed = form.dataset['to'] ?? '/api/uploads';
    this.limit = Number(form.dataset['limit']) * MEGABYTE;
    /** @type {WeakMap<HTMLElement, {file: File, abort: AbortController, isSending: boolean}>} */
    this.files = new WeakMap();
    this.queue = createQueue(AT_ONCE, () => {});
    this.following = createFollowing({
      read: async () => (await callApi('GET', listed)).items,
      show: (/** @type {Upload[]} */ uploads) => this.#showAll(uploads),
    });
    this.rows.addEventListener('click', (event) => this.#act(event));
    if (this.#underWay().length > 0) this.following.wake();
  }

  /** @param {File[]} files */
  add(files) {
    for (const file of files) {
      const row = nameRow(fromTemplate('t-upload'), file);
      this.rows.append(row);
      this.#enqueue(file, row);
    }
    this.rows.hidden = this.rows.childElementCount === 0;
  }

  /** @param {File} file @param {HTMLElement} row */
  #enqueue(file, row) {
    if (file.size > this.limit) {
      this.#refuse(row, file.name, tooLarge(file, this.limit), false);
      return;
    }
    const abort = new AbortController();
    this.files.set(row, { file, abort, isSending: false });
    showSending(row, null);
    nameRow(row, file);
    this.queue.add(() => this.#send(file, row, abort.signal));
  }

  /** @param {File} file @param {HTMLElement} row @param {AbortSignal} signal */
  async #send(file, row, signal) {
    if (signal.aborted) return;
    const data = new FormData(this.form);
    const fields = {
      same_name: String(data.get('same_name') ?? 'replace'),
      space_id: String(data.get('space_id') ?? ''),
    };
    const token = String(data.get('csrf_token') ?? '');
    const onProgress = (/** @type {number} */ share) => signal.aborted || showSending(row, share);
    const sent = this.files.get(row);
    if (sent) sent.isSending = true;
    try {
      const upload = await sendFile(this.to, file, { token, fields, signal, onProgress });
      if (signal.aborted) {
        await this.#takeBack(row, upload.id);
        return;
      }
      this.#show(row, upload);
      if (isOver(row)) refreshList();
      else this.following.wake();
    } catch (error) {
      const { message, retryable } = /** @type {import('../lib/send-file.js').SendError} */ (error);
      if (signal.aborted) this.#drop(row);
      else this.#refuse(row, file.name, message, retryable);
    } finally {
      if (sent) sent.isSending = false;
    }
  }

  /** @param {Upload[]} uploads @returns {boolean} whether some are not over yet */
  #showAll(uploads) {
    let added = false;
    for (const row of this.#underWay()) {
      const upload = uploads.find((one) => one.id === row.dataset['upload']);
      if (upload) this.#show(row, upload);
      else row.remove(); // dismissed in another tab
      added ||= upload?.state === 'done';
    }
    if (added) refreshList();
    this.rows.hidden = this.rows.childElementCount === 0;
    return this.#underWay().length > 0;
  }

  /** The rows that the server still works on. @returns {HTMLElement[]} */
  #underWay() {
    const rows = /** @type {HTMLElement[]} */ ([...this.rows.children]);
    return rows.filter((row) => row.dataset['upload'] && !isOver(row));
  }

  /** @param {HTMLElement} row @param {Upload} upload */
  #show(row, upload) {
    showUpload(row, upload);
    if (upload.state === 'failed') this.#say(`${upload.name} is not added. ${slot(row, 'why')?.textContent}`);
    if (upload.state === 'done') this.#say(`${upload.name}: ${upload.message}.`);
  }

  /** @param {HTMLElement} row @param {string} name @param {string} why @param {boolean} retryable */
  #refuse(row, name, why, retryable) {
    showFailure(row, why, retryable);
    this.#say(`${name} is not added. ${why}`);
  }

  /** @param {MouseEvent} event */
  #act(event) {
    const action = actionOf(event)?.dataset['action'];
    const row = event.target instanceof Element ? event.target.closest('li') : null;
    if (!action || !row) return;
    event.preventDefault();
    if (action === 'retry') this.#retry(row);
    if (action === 'choose') this.chooser.click();
    if (action === 'dismiss' || action === 'choose') this.#remove(row);
  }

  /** @param {HTMLElement} row */
  async #retry(row) {
    const id = row.dataset['upload'];
    const sent = this.files.get(row);
    if (!id) {
      if (sent) this.#enqueue(sent.file, row);
      return;
    }
    try {
      showUpload(row, await callApi('POST', `/api/uploads/${id}/retry`));
      this.following.wake();
    } catch (error) {
      this.#refuse(row, slot(row, 'name')?.textContent ?? '', /** @type {Error} */ (error).message, false);
    }
  }

  /** @param {HTMLElement} row */
  #remove(row) {
    const sent = this.files.get(row);
    sent?.abort.abort();
    const id = row.dataset['upload'];
    if (id) this.#takeBack(row, id);
    else if (sent?.isSending) showCancelling(row); // until it is known what has arrived
    else this.#drop(row);
  }

  /** @param {HTMLElement} row @param {string} id */
  async #takeBack(row, id) {
    showCancelling(row);
    await callApi('DELETE', `/api/uploads/${id}`).catch(() => {});
    this.#drop(row);
  }

  /** @param {HTMLElement} row */
  #drop(row) {
    if (!row.isConnected) return;
    row.remove();
    this.rows.hidden = this.rows.childElementCount === 0;
    /** @type {HTMLElement | null} */ (this.drop.querySelector('[data-action="choose"]'))?.focus();
  }

  /** @param {string} text */
  #say(text) {
    this.said.textContent = text;
  }
}

/** The list and its count in the sidebar, as the server shows them now. */
async function refreshList() {
  const response = await fetch(location.href, { headers: { Accept: 'text/html' } });
  if (!response.ok) return;
  const fresh = new DOMParser().parseFromString(await response.text(), 'text/html');
  for (const place of ['[data-role="list"]', '[href="/library"] .nav-row__count', '[data-role="spaces"]']) {
    const element = fresh.querySelector(place);
    if (element) document.querySelector(place)?.replaceWith(document.importNode(element, true));
  }
}
