// @ts-check
/** Who writes: the provider and model that stand in the composer. A new chat begins with the last choice. */

const KEY = 'parley.writer';

/** @param {HTMLFormElement} form */
export function rememberWriter(form) {
  const select = field(form);
  if (!select) return;
  const last = form.dataset['conversation'] ? null : read();
  if ([...select.options].some((option) => option.value === last)) select.value = last ?? '';
  select.addEventListener('change', () => save(select.value));
}

/**
 * What is chosen now, as the API takes it; empty where there is no choice.
 *
 * @returns {{provider?: string, model?: string}}
 */
export function chosenWriter() {
  const value = field(document)?.value ?? '';
  const space = value.indexOf(' ');
  return space < 0 ? {} : { provider: value.slice(0, space), model: value.slice(space + 1) };
}

/** @param {ParentNode} root */
function field(root) {
  return /** @type {HTMLSelectElement | null} */ (root.querySelector('select[name="writer"]'));
}

function read() {
  try {
    return localStorage.getItem(KEY);
  } catch {
    return null;
  }
}

/** @param {string} value */
function save(value) {
  try {
    localStorage.setItem(KEY, value);
  } catch {
    // Private windows may forbid storage: the choice then lasts for this page.
  }
}
