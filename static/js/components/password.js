// @ts-check
/** The button that shows what is typed into a password field. */

/** @param {HTMLElement} row */
export function mount(row) {
  const input = row.querySelector('input');
  const button = /** @type {HTMLElement | null} */ (row.querySelector('[data-action="show-password"]'));
  if (!input || !button) return;
  const show = (/** @type {boolean} */ visible) => {
    input.type = visible ? 'text' : 'password';
    button.setAttribute('aria-pressed', String(visible));
    const label = visible ? 'Hide password' : 'Show password';
    button.setAttribute('aria-label', label);
    button.title = label;
  };
  button.addEventListener('click', () => show(input.type === 'password'));
  // A password shown is never sent as a field that browsers remember as text.
  input.form?.addEventListener('submit', () => show(false));
}
