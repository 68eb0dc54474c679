// @ts-check
/** The button beside a link or token that is shown once: copies it and says so. */

const SAID_MS = 2000;

/** @param {HTMLElement} button */
export function mount(button) {
  const field = document.getElementById(button.dataset['target'] ?? '');
  const label = button.querySelector('[data-slot="label"]');
  if (!(field instanceof HTMLInputElement) || !label) return;
  const text = label.textContent;
  button.addEventListener('click', async () => {
    label.textContent = (await copy(field)) ? 'Copied' : 'Press Ctrl+C';
    setTimeout(() => { label.textContent = text; }, SAID_MS);
  });
}

/**
 * Without TLS there is no clipboard for pages: then the text is selected for the person to copy.
 * @param {HTMLInputElement} field
 */
async function copy(field) {
  field.select();
  try {
    await navigator.clipboard.writeText(field.value);
    return true;
  } catch {
    return document.execCommand('copy');
  }
}
