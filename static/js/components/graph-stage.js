// @ts-check
/**
 * The graph as one looks at it and moves in it: what part of it is seen, and where the pointer and the
 * keys lead.
 */

import { inDirection, isArrow, nearest } from '../lib/graph/directions.js';
import { radiusOf } from '../lib/graph/size.js';
import { bringIn, fit, move, toGraph, toScreen, zoomAt } from '../lib/graph/viewport.js';
import { createFocus } from './graph-focus.js';
import { createPicture, enlargement } from './graph-picture.js';
import { followPointer } from './graph-pointer.js';

/**
 * @typedef {import('./graph-picture.js').Concept} Concept
 * @typedef {import('../lib/graph/layout.js').Link} Link
 */

const STEP = 1.4; // of the zoom
const EASE_MS = 350;
const REACH = 12; // pixels around a circle that count as it

/**
 * @param {HTMLElement} stage
 * @param {object} options
 * @param {HTMLElement} options.root where the colours are
 * @param {HTMLElement} options.panel which may lie over it
 * @param {(key: string, byKeyboard: boolean) => void} options.onChoose
 */
export function createStage(stage, { root, panel, onChoose }) {
  const canvas = /** @type {HTMLCanvasElement} */ (stage.querySelector('[data-role="picture"]'));
  const focus = createFocus(/** @type {HTMLElement} */ (stage.querySelector('[data-role="nodes"]')), {
    onChoose: (key) => onChoose(key, true),
    onFocus: (isIn) => change({ pointed: isIn ? focused : -1 }),
  });
  const picture = createPicture(canvas, root);
  /** @type {import('./graph-picture.js').Scene} */
  let scene = {
    concepts: [], links: [], places: [], view: { x: 0, y: 0, k: 1 }, chosen: -1, pointed: -1, found: null,
  };
  let focused = 0;
  let isFitted = true; // until somebody moves
  let frame = 0;
  let moves = 0; // of all to new places: a later one ends an earlier one

  /** @param {Partial<import('./graph-picture.js').Scene>} part */
  function change(part) {
    scene = { ...scene, ...part };
    frame ||= requestAnimationFrame(() => {
      frame = 0;
      picture.draw(scene);
      placeFocus();
    });
  }

  /** The size of what the panel does not cover. */
  function uncovered() {
    const { width, height } = picture.size;
    const covered = panel.hidden ? 0 : stage.getBoundingClientRect().right - panel.getBoundingClientRect().left;
    return { width: covered > 0 && covered < width ? width - covered : width, height };
  }

  /** @param {number} index */
  function placeOf(index) {
    return { x: scene.places[2 * index] ?? 0, y: scene.places[2 * index + 1] ?? 0 };
  }

  /** @param {number} index */
  function radiusAt(index) {
    const most = Math.max(1, ...scene.concepts.map((concept) => concept.passages));
    return radiusOf(scene.concepts[index]?.passages ?? 1, most) * enlargement(scene.view);
  }

  function placeFocus() {
    if (scene.concepts.length > 0) focus.place(toScreen(scene.view, placeOf(focused)), radiusAt(focused));
  }

  /** @param {number} index @param {boolean} [withFocus] */
  function focusOn(index, withFocus = false) {
    const concept = scene.concepts[index];
    focused = index;
    if (!concept) {
      focus.remove();
      return;
    }
    const linked = scene.links.filter(({ of }) => of.includes(index)).length;
    focus.put(concept, linked, { isChosen: index === scene.chosen, withFocus });
    if (withFocus) {
      isFitted = false;
      change({ view: bringIn(scene.view, placeOf(index), uncovered()) });
    }
    placeFocus();
  }

  /** @param {number} times */
  function zoom(times) {
    const { width, height } = picture.size;
    isFitted = false;
    change({ view: zoomAt(scene.view, times, { x: width / 2, y: height / 2 }) });
  }

  function showAll() {
    isFitted = true;
    change({ view: fit(scene.places, picture.size) });
  }

  /** @param {{x: number, y: number}} point @returns {number} */
  function at(point) {
    const index = nearest(toGraph(scene.view, point), scene.places, 40 / scene.view.k);
    if (index < 0) return -1;
    const { x, y } = toScreen(scene.view, placeOf(index));
    return Math.hypot(x - point.x, y - point.y) <= radiusAt(index) + REACH ? index : -1;
  }

  followPointer(stage, {
    onMove: (x, y) => {
      isFitted = false;
      change({ view: move(scene.view, x, y) });
    },
    onZoom: (times, point) => {
      isFitted = false;
      change({ view: zoomAt(scene.view, times, point) });
    },
    onPoint: (point) => {
      const pointed = point ? at(point) : -1;
      stage.classList.toggle('is-pointing', pointed >= 0);
      if (pointed !== scene.pointed) change({ pointed });
    },
    onTap: (point) => {
      const index = at(point);
      const concept = scene.concepts[index];
      if (!concept) return;
      focusOn(index);
      onChoose(concept.key, false);
    },
  });

  /** @type {Record<string, () => void>} */
  const keys = {
    Home: () => focusOn(0, true),
    End: () => focusOn(scene.concepts.length - 1, true),
    PageDown: () => focusOn(Math.min(focused + 1, scene.concepts.length - 1), true),
    PageUp: () => focusOn(Math.max(focused - 1, 0), true),
    '+': () => zoom(STEP),
    '=': () => zoom(STEP),
    '-': () => zoom(1 / STEP),
    0: showAll,
  };
  stage.addEventListener('keydown', (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || scene.concepts.length === 0) return;
    if (isArrow(event.key)) focusOn(inDirection(event.key, focused, scene.places), true);
    else if (keys[event.key]) keys[event.key]?.();
    else return;
    event.preventDefault();
  });

  new ResizeObserver(() => {
    const { clientWidth, clientHeight } = stage;
    if (clientWidth === 0) return;
    picture.resize(clientWidth, clientHeight);
    if (isFitted) showAll();
    else change({});
  }).observe(stage);
  const refresh = () => {
    picture.refresh();
    change({});
  };
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', refresh);
  new MutationObserver(refresh).observe(document.documentElement, { attributeFilter: ['data-theme'] });

  return {
    /** Shows a graph whose places are known. @param {Concept[]} concepts @param {Link[]} links @param {Float32Array} places */
    show(concepts, links, places) {
      const before = new Map(scene.concepts.map(({ key }, index) => [key, placeOf(index)]));
      const chosen = scene.concepts[scene.chosen]?.key;
      const from = Float32Array.from(places, (place, n) => {
        const known = before.get(concepts[n >> 1]?.key ?? '');
        return known ? (n % 2 ? known.y : known.x) : place;
      });
      const index = concepts.findIndex(({ key }) => key === chosen);
      change({ concepts, links, places, chosen: index, found: null, pointed: -1 });
      isFitted = true;
      change({ view: fit(places, picture.size) });
      focusOn(Math.max(0, index));
      if (before.size > 0) ease(from, places);
    },
    /** When what is shown has been drawn; a page that nobody sees draws nothing. @returns {Promise<void>} */
    drawn: () => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(() => resolve()))),
    /** @param {string} key */
    choose(key) {
      const chosen = scene.concepts.findIndex((concept) => concept.key === key);
      change({ chosen });
      if (chosen < 0) return;
      focusOn(chosen);
      change({ view: bringIn(scene.view, placeOf(chosen), uncovered()) });
    },
    /** @param {Set<number> | null} found */
    find(found) {
      change({ found });
    },
    focus: focus.take,
    zoomIn: () => zoom(STEP),
    zoomOut: () => zoom(1 / STEP),
    showAll,
  };

  /** Moves what was there already to its new place, without a jump. @param {Float32Array} from @param {Float32Array} to */
  function ease(from, to) {
    moves += 1;
    const own = moves;
    if (matchMedia('(prefers-reduced-motion: reduce)').matches) return;
    const start = performance.now();
    const step = (/** @type {number} */ now) => {
      if (own !== moves) return;
      const share = Math.min(1, (now - start) / EASE_MS);
      const eased = 1 - (1 - share) ** 3;
      const places = share === 1 ? to : to.map((place, n) => (from[n] ?? 0) + (place - (from[n] ?? 0)) * eased);
      change({ places, ...(isFitted && { view: fit(places, picture.size) }) });
      if (share < 1) requestAnimationFrame(step);
    };
    requestAnimationFrame(step);
  }
}
