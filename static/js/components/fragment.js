// @ts-check
/**
 * Pieces of pages that the server renders: older messages, a message as it is stored, the list of
 * conversations. They are made by the same templates as the page, and escaped by them.
 */

import { problemOf } from '../lib/problem.js';

/**
 * The elements of the fragment at `url`, not yet in the page; rejects with a Problem.
 *
 * @param {string} url
 * @returns {Promise<HTMLElement>} its body
 */
export async function fetchFragment(url) {
  const response = await fetch(url, { headers: { Accept: 'text/html' }, credentials: 'same-origin' });
  if (!response.ok) throw await problemOf(response);
  const text = await response.text();
  return document.adoptNode(new DOMParser().parseFromString(text, 'text/html').body);
}
