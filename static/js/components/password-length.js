// @ts-check
/** The bar below a new password: how long it is. What else counts, the server says. */

const LEAST = 10;
const LONG = 16;

/** @param {HTMLElement} element */
export function mount(element) {
  const input = document.getElementById(element.dataset['for'] ?? '');
  const bar = element.querySelector('progress');
  const text = element.querySelector('[data-slot="text"]');
  if (!(input instanceof HTMLInputElement) || !bar || !text) return;
  const show = () => {
    const length = [...input.value.normalize('NFKC')].length;
    element.hidden = length === 0;
    bar.value = Math.min(length, bar.max);
    bar.classList.toggle('bar--ok', length >= LEAST);
    bar.classList.toggle('bar--bad', length < LEAST);
    text.textContent = describe(length);
  };
  input.addEventListener('input', show);
  show();
}

/** @param {number} length */
function describe(length) {
  if (length < LEAST) return LEAST - length === 1 ? '1 more character' : `${LEAST - length} more characters`;
  return `${length >= LONG ? 'Long' : 'Long enough'}, ${length} characters`;
}
