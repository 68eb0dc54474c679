// @ts-check
/**
 * Adding files to the library: by drag and drop, by the dialog, by paste. Each file is a request of
 * its own, and a row that tells the share that is sent, then what the server made of it.
 */

import { createQueue } from '../lib/queue.js';
import { sendFile } from '../lib/send-file.js';
import { actionOf, fill, fromTemplate } from './template.js';
import { nameRow, showDone, showProgress, tooLarge } from './upload-row.js';

const AT_ONCE = 2;
const MEGABYTE = 1024 * 1024;

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
  document.addEventListener('paste', (event) => {
    uploads.add([...(event.clipboardData?.files ?? [])]);
  });
}

/** The files that this page has been given, a row for each. */
class Uploads {
  /** @param {HTMLFormElement} form */
  constructor(form) {
    const find = (/** @type {string} */ role) => {
      const found = form.parentElement?.querySelector(`[data-role="${role}"]`);
      return /** @type {HTMLElement} */ (found);
    };
    this.chooser = /** @type {HTMLInputElement} */ (find('files'));
    this.drop = find('drop');
    this.rows = find('rows');
    this.said = find('said');
    this.limit = Number(form.dataset['limit']) * MEGABYTE;
    const token = /** @type {HTMLInputElement | null} */ (form.querySelector('[name="csrf_token"]'));
    this.token = token?.value ?? '';
    this.added = 0;
    this.queue = createQueue(AT_ONCE, () => this.#showList());
  }

  /** @param {File[]} files */
  add(files) {
    for (const file of files) {
      const row = nameRow(fromTemplate('t-upload'), file);
      const abort = new AbortController();
      row.addEventListener('click', (event) => {
        if (!actionOf(event)) return;
        abort.abort();
        this.#remove(row);
      });
      fill(row, 'state', 'Waiting');
      this.rows.append(row);
      this.queue.add(() => this.#send(file, row, abort.signal));
    }
    this.rows.hidden = this.rows.childElementCount === 0;
  }

  /** @param {File} file @param {HTMLElement} row @param {AbortSignal} signal */
  async #send(file, row, signal) {
    if (signal.aborted) return;
    if (file.size > this.limit) {
      this.#refuse(file, row, tooLarge(file, this.limit));
      return;
    }
    const onProgress = (/** @type {number} */ share) => showProgress(row, share);
    try {
      const made = await sendFile('/api/documents', file, { token: this.token, signal, onProgress });
      showDone(row, file, made);
      this.added += made.duplicate ? 0 : 1;
      this.#say(`${file.name} is ${made.duplicate ? 'in the library already' : 'added'}.`);
    } catch (error) {
      if (!signal.aborted) this.#refuse(file, row, /** @type {Error} */ (error).message);
    }
  }

  /** @param {File} file @param {HTMLElement} row @param {string} why */
  #refuse(file, row, why) {
    const bad = nameRow(fromTemplate('t-upload-bad'), file);
    fill(bad, 'why', why);
    bad.addEventListener('click', (event) => {
      const action = actionOf(event)?.dataset['action'];
      if (action === 'choose') this.chooser.click();
      if (action) this.#remove(bad);
    });
    row.replaceWith(bad);
    this.#say(`${file.name} is not added. ${why}`);
  }

  /** @param {HTMLElement} row */
  #remove(row) {
    row.remove();
    this.rows.hidden = this.rows.childElementCount === 0;
    /** @type {HTMLElement | null} */ (this.drop.querySelector('[data-action="choose"]'))?.focus();
  }

  /** @param {string} text */
  #say(text) {
    this.said.textContent = text;
  }

  #showList() {
    if (this.added) refreshList();
    this.added = 0;
  }
}

/**
 * Files may be dropped anywhere on the page.
 *
 * @param {HTMLElement} drop @param {(files: File[]) => void} add
 */
function acceptDrops(drop, add) {
  const carriesFiles = (/** @type {DragEvent} */ event) => event.dataTransfer?.types.includes('Files');
  document.addEventListener('dragover', (event) => {
    if (!carriesFiles(event)) return;
    event.preventDefault();
    drop.classList.add('is-over');
  });
  document.addEventListener('dragleave', (event) => {
    if (!event.relatedTarget) drop.classList.remove('is-over');
  });
  document.addEventListener('drop', (event) => {
    if (!carriesFiles(event)) return;
    event.preventDefault();
    drop.classList.remove('is-over');
    add([...(event.dataTransfer?.files ?? [])]);
  });
}

/** The list and its count in the sidebar, as the server shows them now. */
async function refreshList() {
  const response = await fetch(location.href, { headers: { Accept: 'text/html' } });
  if (!response.ok) return;
  const fresh = new DOMParser().parseFromString(await response.text(), 'text/html');
  for (const place of ['[data-role="list"]', '[href="/library"] .nav-row__count']) {
    const element = fresh.querySelector(place);
    if (element) document.querySelector(place)?.replaceWith(document.importNode(element, true));
  }
}
