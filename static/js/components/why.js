// @ts-check
/** The panel "Why this answer": closes by its button and by Esc, and gives the focus back. */

/** @param {HTMLElement} element */
export function mount(element) {
  const why = /** @type {HTMLDetailsElement} */ (element);
  const close = () => {
    if (!why.open) return;
    why.open = false;
    why.querySelector('summary')?.focus();
  };
  why.querySelector('[data-action="close-why"]')?.addEventListener('click', close);
  why.addEventListener('toggle', () => {
    if (why.open) /** @type {HTMLElement | null} */ (why.querySelector('.panel__body'))?.focus({ preventScroll: true });
  });
  why.addEventListener('keydown', (event) => {
    if (event.key !== 'Escape' || !why.open) return;
    event.preventDefault();
    close();
  });
}
