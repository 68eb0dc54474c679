// @ts-check
/** Files that come to a page by drag and drop, or by paste; pasted text comes as a file too. */

const FIELDS = 'input, textarea, select, [contenteditable]';
const SHORTEST = 40; // characters of a pasted text that is meant as a document

/**
 * Files may be dropped anywhere on the page.
 *
 * @param {HTMLElement} drop @param {(files: File[]) => void} add
 */
export function acceptDrops(drop, add) {
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

/** @param {(files: File[]) => void} add */
export function acceptPastes(add) {
  document.addEventListener('paste', (event) => {
    if (event.target instanceof Element && event.target.closest(FIELDS)) return;
    const files = [...(event.clipboardData?.files ?? [])];
    const text = event.clipboardData?.getData('text/plain') ?? '';
    if (files.length > 0) add(files);
    else if (text.trim().length >= SHORTEST) add([pasted(text)]);
  });
}

/** A text as a file whose name no other one has. @param {string} text */
function pasted(text) {
  const when = new Date().toISOString().slice(0, 19).replace('T', ' ').replaceAll(':', '.');
  return new File([text], `Pasted ${when}.md`, { type: 'text/markdown' });
}
