// @ts-check
/**
 * Mounts what the page asks for: `data-module="name other"` loads `components/name.js` and other.js.
 *
 * Keeps true: the components of a page begin together, in the order of the page, so none speaks before
 * the others listen. Until then its forms work as they do without script.
 */

import { listen } from './events.js';
import './components/shortcuts.js';

/** @param {ParentNode} root */
async function mountWithin(root) {
  const all = /** @type {NodeListOf<HTMLElement>} */ (root.querySelectorAll('[data-module]:not([data-ready])'));
  const loaded = await Promise.all([...all].map(load));
  for (const { element, components } of loaded) {
    if ('ready' in element.dataset) continue;
    element.dataset['ready'] = '';
    for (const component of components) component.mount(element);
  }
}

/** @param {HTMLElement} element */
async function load(element) {
  const names = element.dataset['module']?.match(/[a-z-]+/g) ?? [];
  return { element, components: await Promise.all(names.map((name) => import(`./components/${name}.js`))) };
}

listen('added', ({ root }) => mountWithin(root));
mountWithin(document);
