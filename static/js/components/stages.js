// @ts-check
/** The steps of an answer while it is made: what is done and how long it took, what runs now. */

import { duration } from '../lib/format.js';
import { stageSymbol, stageWords } from '../lib/stage-words.js';
import { fill, fromTemplate, setSymbol, slot } from './template.js';

/** @typedef {import('../lib/answer-state.js').Stage} Stage */

const STEP = 18;

/**
 * @param {HTMLElement} article
 */
export function createStages(article) {
  /** @type {readonly Stage[]} */
  let shown = [];
  let placeSaid = Infinity;

  /** Of the places in a queue few are read out: the first, and each that is half of the last. */
  function say(/** @type {Stage} */ stage) {
    const place = stage.stage === 'queued' ? stage.detail?.place ?? 1 : 0;
    if (place > placeSaid / 2 && place > 0) return;
    placeSaid = place || Infinity;
    fill(article, 'stage-said', stageWords(stage));
  }

  return {
    /** @param {readonly Stage[]} stages @param {number} written characters of the answer so far */
    show(stages, written) {
      showProgress(article, stages.length, written);
      if (stages === shown || stages.length === 0) return;
      shown = stages;
      const items = stages.map((stage, i) => item(stage, stages[i + 1]));
      slot(article, 'stage-list')?.replaceChildren(...items);
      say(/** @type {Stage} */ (stages.at(-1)));
    },
  };
}

/** @param {Stage} stage @param {Stage | undefined} next */
function item(stage, next) {
  const element = fromTemplate(next ? 't-stage-done' : 't-stage');
  fill(element, 'text', stageWords(stage, next !== undefined));
  if (next) setSymbol(element, stageSymbol(stage));
  if (next?.elapsed_ms != null && stage.elapsed_ms != null) {
    fill(element, 'time', duration(next.elapsed_ms - stage.elapsed_ms));
  }
  return element;
}

/**
 * Nobody knows how long an answer will be, so its part of the bar only ever comes nearer to the end.
 *
 * @param {HTMLElement} article @param {number} stages @param {number} written
 */
function showProgress(article, stages, written) {
  const bar = /** @type {HTMLProgressElement | null} */ (slot(article, 'bar'));
  if (!bar || stages === 0) return;
  const before = Math.min(stages, 4) * STEP;
  const value = Math.round(before + (97 - before) * (1 - Math.exp(-written / 900)));
  if (value > bar.value || !bar.hasAttribute('value')) bar.value = value;
}
