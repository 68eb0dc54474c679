// @ts-check
/** One answer in the transcript while it is made: draws what is known of it, and its end. */

import { emit } from '../events.js';
import { createAnswerText } from './answer-text.js';
import { showConfidence } from './confidence.js';
import { createDetour } from './detour.js';
import { fetchFragment } from './fragment.js';
import { createRate } from './rate.js';
import { createStages } from './stages.js';
import { createThinking } from './thinking.js';
import { createWarned } from './warned.js';
import { fill, fromTemplate, slot } from './template.js';
import { clock, duration } from '../lib/format.js';

/** @typedef {import('../lib/answer-state.js').AnswerState} AnswerState */

/** An empty article for an answer that has just been asked for. */
export function newAnswer() {
  const article = fromTemplate('t-answer');
  article.removeAttribute('id');
  fill(article, 'time', clock(Date.now()));
  return article;
}

/**
 * @param {HTMLElement} article
 */
export function createAnswerView(article) {
  const stages = createStages(article);
  const detour = createDetour(article);
  const warned = createWarned(article);
  const thinking = createThinking(article);
  const text = createAnswerText(article);
  const rate = createRate();

  return {
    article,

    /** @param {AnswerState} state */
    show(state) {
      identify(article, state);
      stages.show(state.stages, state.text.length);
      detour.show(state);
      warned.show(state);
      thinking.show(state);
      text.show(state);
      showConfidence(article, state.confidence);
      showRate(article, rate, state);
    },

    /** Shows what is due of the text by now. @returns {boolean} whether there is more */
    reveal() {
      const isThinkingBehind = thinking.reveal();
      return text.reveal() || isThinkingBehind;
    },

    /** What is drawn at the end, before the server's own rendering of it is there. @param {AnswerState} state */
    end(state) {
      text.finish(state);
      thinking.end(state);
      detour.end(state);
      warned.end();
      article.dataset['status'] = statusOf(state);
      slot(article, 'stages')?.remove();
      slot(article, 'confidence')?.classList.remove('is-updating');
      fill(article, 'confidence-word', 'confidence');
    },
  };
}

/** @param {AnswerState} state */
function statusOf(state) {
  if (state.status === 'failed') return state.error?.code === 'interrupted' ? 'interrupted' : 'failed';
  return state.stopReason === 'stopped' ? 'stopped' : 'complete';
}

/**
 * Puts what the server knows of an ended answer around its text: who made it, what can be done
 * with it, its versions, why it says what it says. The text itself stays as it was drawn.
 *
 * @param {HTMLElement} article
 */
export async function settleAnswer(article) {
  const stored = (await fetchFragment(article.dataset['url'] ?? '')).querySelector('article');
  if (!stored) return;
  for (const part of ['.msg__head', '[data-slot="after"]']) {
    const [old, fresh] = [article.querySelector(part), stored.querySelector(part)];
    if (old && fresh) old.replaceWith(fresh);
  }
  emit('added', { root: article });
  slot(article, 'content')?.classList.toggle('is-kept', !!slot(stored, 'content')?.matches('.is-kept'));
  article.dataset['status'] = stored.dataset['status'] ?? '';
  article.setAttribute('aria-label', stored.getAttribute('aria-label') ?? '');
}

/** @param {HTMLElement} article @param {AnswerState} state */
function identify(article, { messageId, conversationId, parentId, provider, model }) {
  if (!messageId) return;
  // Who writes may change while it is written.
  if (provider) fill(article, 'maker', provider === model || !model ? provider : `${provider} · ${model}`);
  if (article.dataset['messageId'] === messageId) return;
  article.id = `m-${messageId}`;
  article.dataset['messageId'] = messageId;
  article.dataset['parentId'] = parentId ?? '';
  article.dataset['url'] = `/c/${conversationId}/m/${messageId}`;
}

/** @param {HTMLElement} article @param {ReturnType<typeof createRate>} rate @param {AnswerState} state */
function showRate(article, rate, { text, leaps }) {
  rate.add(text.length, leaps);
  const speed = rate.tokensPerSecond();
  if (speed !== null) fill(article, 'rate', `${Math.round(speed)} tok/s · ${duration(rate.elapsed())}`);
  else if (text === '') fill(article, 'rate', '');
}
