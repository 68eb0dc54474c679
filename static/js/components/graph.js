// @ts-check
/**
 * The page of concepts: what is shown of them, and what is chosen, in the graph, the list and the
 * panel alike. The address of the page always leads back to it. A worker lays the graph out.
 */

import { callApi } from '../lib/api.js';
import { createLayouts } from './graph-layouts.js';
import { createList } from './graph-list.js';
import { createPanel } from './graph-panel.js';
import { createStage } from './graph-stage.js';
import { actionOf } from './template.js';

/**
 * @typedef {import('./graph-picture.js').Concept} Concept
 * @typedef {import('../lib/graph/layout.js').Link} Link
 */

const NARROW = '(max-width: 860px)';

/** @param {HTMLElement} element */
export function mount(element) {
  new Graph(element).begin();
}

class Graph {
  /** @param {HTMLElement} element */
  constructor(element) {
    const find = (/** @type {string} */ role) => (
      /** @type {HTMLElement} */ (element.querySelector(`[data-role="${role}"]`)));
    this.element = element;
    this.form = /** @type {HTMLFormElement} */ (find('filters'));
    this.field = /** @type {HTMLInputElement} */ (find('find'));
    this.view = find('view');
    this.listView = find('list-view');
    this.said = find('said');
    this.parts = Object.fromEntries(['waiting', 'none', 'no-match', 'failed'].map((role) => [role, find(role)]));
    this.source = element.dataset['source'] ?? '';
    this.key = element.dataset['chosen'] ?? '';
    /** @type {Concept[]} */
    this.concepts = [];
    this.loads = 0;
    this.layouts = createLayouts();
    this.stage = createStage(find('stage'), {
      root: this.view,
      panel: find('panel'),
      onChoose: (key, byKeyboard) => this.choose(key, byKeyboard),
    });
    this.list = createList(find('list'), (key) => this.#address({ concept: key }));
    this.panel = createPanel(find('panel'), {
      addressOf: (asked) => `/graph/concept?${this.#query(asked)}`,
      onChoose: (key) => this.choose(key, true),
      onClose: () => this.close(),
    });
  }

  begin() {
    this.#showView(matchMedia(NARROW).matches ? 'list' : 'graph');
    this.form.addEventListener('submit', (event) => {
      event.preventDefault();
      this.#chooseFirst();
    });
    this.form.addEventListener('change', (event) => {
      const { name, value } = /** @type {HTMLInputElement} */ (event.target);
      if (name === 'view') this.#showView(value);
      else if (name === 'space') location.assign(this.#address({}));
      else if (name !== 'q') this.load();
    });
    this.field.addEventListener('input', () => this.#find());
    this.element.addEventListener('click', (event) => this.#act(event));
    this.load();
  }

  async load() {
    const turn = ++this.loads;
    this.view.dataset['state'] = 'waiting';
    this.#show('waiting');
    this.#remember();
    try {
      const { items, links } = await callApi('GET', `${this.source}?${this.#query({})}`);
      const places = await this.layouts.lay(items, links, matchMedia(NARROW).matches);
      if (turn === this.loads) this.#arrived(items, links, places);
    } catch {
      if (turn === this.loads) this.#fail();
    }
  }

  /** @param {Concept[]} concepts @param {Link[]} links @param {Float32Array} places */
  #arrived(concepts, links, places) {
    this.concepts = concepts;
    this.list.show(concepts);
    this.stage.show(concepts, links, places);
    this.#show(concepts.length > 0 ? '' : 'none');
    this.#mark();
    this.#find();
    this.said.textContent = `${concepts.length} concepts shown.`;
    this.#settle();
  }

  async #settle() {
    const turn = this.loads;
    await this.stage.drawn();
    if (turn !== this.loads) return;
    this.view.dataset['state'] = 'settled';
    performance.mark('graph-settled');
  }

  #fail() {
    this.#show('failed');
    this.view.dataset['state'] = 'failed';
    this.said.textContent = 'The concepts cannot be shown.';
  }

  /** @param {string} key @param {boolean} byKeyboard */
  choose(key, byKeyboard) {
    this.key = key;
    this.panel.open(key, { withFocus: byKeyboard });
    this.#mark();
    this.#remember();
  }

  close() {
    const key = this.key;
    this.key = '';
    this.panel.close();
    this.#mark();
    this.#remember();
    if (this.view.hidden) this.list.focus(key);
    else this.stage.focus();
  }

  #mark() {
    this.element.classList.toggle('has-concept', this.key !== '');
    this.stage.choose(this.key);
    this.list.choose(this.key);
  }

  #find() {
    const text = this.field.value.trim().toLowerCase();
    const matching = this.concepts.flatMap(({ name }, index) => (name.toLowerCase().includes(text) ? [index] : []));
    const found = text === '' ? null : new Set(matching);
    this.list.find(found);
    this.stage.find(found);
    if (this.concepts.length > 0) this.#show(found?.size === 0 ? 'no-match' : '');
    if (found) this.said.textContent = `${found.size} found.`;
  }

  #chooseFirst() {
    const text = this.field.value.trim().toLowerCase();
    if (text === '') return;
    const first = this.concepts.find(({ name }) => name.toLowerCase().includes(text));
    if (first) this.choose(first.key, false);
    else this.#lookFor(text);
  }

  /** Asks for a concept that is not among those shown. @param {string} name */
  async #lookFor(name) {
    const key = await this.panel.find(name);
    this.said.textContent = key ? 'Found among all concepts.' : 'There is no such concept.';
    if (!key) return;
    this.key = key;
    this.#mark();
    this.#remember();
  }

  /** @param {MouseEvent} event */
  #act(event) {
    const row = event.target instanceof Element ? event.target.closest('[data-role="list"] [data-concept]') : null;
    const key = /** @type {HTMLElement | null} */ (row)?.dataset['concept'];
    const action = actionOf(event)?.dataset['action'];
    if (key && !event.ctrlKey && !event.metaKey && !event.shiftKey) this.choose(key, event.detail === 0);
    else if (action === 'zoom-in') this.stage.zoomIn();
    else if (action === 'zoom-out') this.stage.zoomOut();
    else if (action === 'fit') this.stage.showAll();
    else if (action === 'again' && this.parts['failed']?.contains(/** @type {Node} */ (event.target))) this.load();
    else if (action === 'clear-find') this.#clear();
    else return;
    event.preventDefault();
  }

  #clear() {
    this.field.value = '';
    this.field.focus();
    this.#find();
  }

  /** @param {string} name `graph` or `list` */
  #showView(name) {
    const option = /** @type {HTMLInputElement} */ (this.form.querySelector(`[name="view"][value="${name}"]`));
    option.checked = true;
    this.view.hidden = name !== 'graph';
    this.listView.hidden = name === 'graph';
  }

  /** Which of the notes is seen, if any. @param {string} name */
  #show(name) {
    for (const [role, part] of Object.entries(this.parts)) part.hidden = role !== name;
    this.element.dataset['note'] = name;
  }

  /** @param {Record<string, string>} more */
  #query(more) {
    const data = new FormData(this.form);
    const asked = ['limit', 'space', 'document'].map((name) => [name, String(data.get(name) ?? '')]);
    const values = [...asked, ...Object.entries(more)].filter(([, value]) => value !== '');
    return new URLSearchParams(/** @type {string[][]} */ (values)).toString();
  }

  /** @param {Record<string, string>} more */
  #address(more) {
    return `/graph?${this.#query(more)}`;
  }

  #remember() {
    history.replaceState(null, '', this.#address({ concept: this.key }));
  }
}
