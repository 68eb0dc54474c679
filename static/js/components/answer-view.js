// @ts-check
/** One answer in the transcript while it is made: draws what is known of it, and its end. */

import { emit } from '../events.js';
import { createAnswerText } from './answer-text.js';
import { showConfidence } from './confidence.js';
import { fetchFragment } from './fragment.js';
import { createRate } from './rate.js';
import { createStages } from './stages.js';
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
  const text = createAnswerText(article);
  const rate = createRate();

  return {
    article,

    /** @param {AnswerState} state */
    show(state) {
      identify(article, state);
      stages.show(state.stages, state.text.length);
      showThinking(article, state);
      text.show(state);
      showConfidence(article, state.confidence);
      showRate(article, rate, state.text.length);
    },

    /** What is drawn at the end, before the server's own rendering of it is there. @param {AnswerState} state */
    end(state) {
      text.finish(state);
      article.dataset['status'] = statusOf(state);
      slot(article, 'stages')?.remove();
      slot(article, 'confidence')?.classList.remove('is-updating');
      fill(article, 'confidence-word', 'confidence');
      if (!state.thinking) slot(article, 'thinking')?.remove();
      fill(article, 'thinking-title', 'How it was thought through');
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
  if (!messageId || article.dataset['messageId'] === messageId) return;
  article.id = `m-${messageId}`;
  article.dataset['messageId'] = messageId;
  article.dataset['parentId'] = parentId ?? '';
  article.dataset['url'] = `/c/${conversationId}/m/${messageId}`;
  const names = [provider, model === provider ? null : model].filter(Boolean);
  fill(article, 'maker', names.join(' · '));
}

/** @param {HTMLElement} article @param {AnswerState} state */
function showThinking(article, { thinking }) {
  const box = slot(article, 'thinking');
  if (!box || (box.hidden && !thinking)) return;
  box.hidden = !thinking;
  fill(box, 'thinking-text', thinking);
}

/** @param {HTMLElement} article @param {ReturnType<typeof createRate>} rate @param {number} length */
function showRate(article, rate, length) {
  rate.add(length);
  const speed = rate.tokensPerSecond();
  if (speed === null) return;
  fill(article, 'rate', `${Math.round(speed)} tok/s · ${duration(rate.elapsed())}`);
}
