// @ts-check
/** A `<details>` as a menu: Esc and a click outside close it, arrows walk through it. */

const ITEMS = 'a[href], button, input, summary';

/** @param {HTMLElement} element */
export function mount(element) {
  const menu = /** @type {HTMLDetailsElement} */ (element);
  menu.addEventListener('keydown', (event) => onKey(menu, event));
  document.addEventListener('pointerdown', (event) => {
    if (menu.open && !menu.contains(/** @type {Node} */ (event.target))) menu.open = false;
  });
  menu.addEventListener('focusout', (event) => {
    const next = /** @type {Node | null} */ (event.relatedTarget);
    if (next && !menu.contains(next)) menu.open = false;
  });
}

/** @param {HTMLDetailsElement} menu @param {KeyboardEvent} event */
function onKey(menu, event) {
  if (event.key === 'Escape' && menu.open) {
    event.preventDefault();
    closeMenu(menu);
  }
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  const target = /** @type {HTMLElement} */ (event.target);
  if (!step || target.matches('input, textarea')) return;
  event.preventDefault();
  menu.open = true;
  walk(menu, target, step);
}

/** @param {HTMLDetailsElement} menu */
export function closeMenu(menu) {
  menu.open = false;
  menu.querySelector('summary')?.focus();
}

/** @param {HTMLElement} menu @param {HTMLElement} from @param {number} step */
function walk(menu, from, step) {
  const all = /** @type {HTMLElement[]} */ ([...menu.querySelectorAll(ITEMS)]);
  const items = all.filter((item) => item.checkVisibility());
  const next = items[(items.indexOf(from) + step + items.length) % items.length];
  next?.focus();
}
