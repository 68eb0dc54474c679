// @ts-check
/** The depth that was chosen last stands chosen in the next conversation. */

const KEY = 'parley.depth';

/** @param {HTMLFormElement} form */
export function rememberDepth(form) {
  const options = /** @type {NodeListOf<HTMLInputElement>} */ (form.querySelectorAll('[name="depth"]'));
  const chosen = read();
  for (const option of options) {
    if (option.value === chosen) option.checked = true;
    option.addEventListener('change', () => save(option.value));
  }
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

/** What is chosen now. */
export function chosenDepth() {
  const chosen = /** @type {HTMLInputElement | null} */ (document.querySelector('[name="depth"]:checked'));
  return chosen?.value ?? 'balanced';
}
