// @ts-check
/**
 * Markup comes from the page's own `<template>`s; scripts clone it and fill its
 * slots with text. Nothing here turns a string into markup.
 */

/**
 * A copy of the first element of the template `id`.
 *
 * @param {string} id
 * @returns {HTMLElement}
 */
export function fromTemplate(id) {
  const template = /** @type {HTMLTemplateElement | null} */ (document.getElementById(id));
  const first = template?.content.firstElementChild;
  if (!first) throw new Error(`the page has no template #${id}`);
  return /** @type {HTMLElement} */ (document.importNode(first, true));
}

/**
 * The element of `root` with `data-slot=name`.
 *
 * @param {Element} root @param {string} name
 * @returns {HTMLElement | null}
 */
export function slot(root, name) {
  return root.querySelector(`[data-slot="${name}"]`);
}

/**
 * Puts text into a slot; writes only what changes, so nothing is announced twice.
 *
 * @param {Element} root @param {string} name @param {string} text
 */
export function fill(root, name, text) {
  const place = slot(root, name);
  if (place && place.textContent !== text) place.textContent = text;
}

/**
 * The nearest element with `data-action` around the target of an event.
 *
 * @param {Event} event
 * @returns {HTMLElement | null}
 */
export function actionOf(event) {
  const target = event.target instanceof Element ? event.target : null;
  return target?.closest('[data-action]') ?? null;
}

/**
 * Gives the first icon of `root` another symbol of the same sheet.
 *
 * @param {Element} root @param {string} name
 */
export function setSymbol(root, name) {
  const use = root.querySelector('use');
  const address = use?.getAttribute('href')?.replace(/#.*$/, `#i-${name}`);
  if (use && address && use.getAttribute('href') !== address) use.setAttribute('href', address);
}
