// @ts-check
/**
 * The events by which the components of a page know each other: custom events of the document.
 * Whoever emits one knows nothing of who listens.
 */

/**
 * @typedef {import('./lib/answer-state.js').AnswerState} AnswerState
 * @typedef {import('./lib/stream-client.js').StreamState} StreamState
 * @typedef {import('./lib/problem.js').Problem} Problem
 *
 * @typedef {object} Details
 * @property {Question} ask somebody asks: the composer, a suggestion, an edited question
 * @property {{content: string}} asking the question is on its way
 * @property {{content: string, conversationId: string}} taken the server has stored the question
 * @property {{content: string, problem: Problem | null}} refused it has not; null: taken back here
 * @property {{}} stop somebody wants the running answer to stop
 * @property {{}} escape Esc, and nothing above the page was open
 * @property {{}} openSidebar its drawer, where it is one
 * @property {{}} editLast somebody wants to edit their last question
 * @property {{running: boolean, conversationId: string, messageId: string}} run an answer begins or ends
 * @property {{state: AnswerState, article: HTMLElement}} answer more is known of the running answer
 * @property {StreamState & {retry?: () => void}} connection how the running answer is reached
 * @property {{text: string}} said a short line for screen readers alone
 * @property {{text: string, kind?: 'info' | 'bad'}} toast short news for the foot of the page
 * @property {{happening: string, id: string, title?: string, archived?: boolean}} conversation one is created, changed, pinned, unpinned, deleted
 * @property {{happening: string, conversation_id: string, message_id: string, by: {id: string, name: string}}} news a run anywhere on the site, and who asked for it
 * @property {{conversation_id: string, people: {id: string, name: string}[]}} presence who else has it open
 * @property {{}} resync what was missed is unknown: look anew
 * @property {{root: Element}} added markup was put into the page that may want mounting
 *
 * @typedef {{content: string, depth?: string, provider?: string, model?: string, clientId?: string, parentId?: string | null, edited?: HTMLElement}} Question
 *   `parentId` as in the protocol: absent means after the newest answer; `edited` is the question that is asked anew.
 */

/**
 * @template {keyof Details} Name
 * @param {Name} name @param {Details[Name]} detail
 */
export function emit(name, detail) {
  document.dispatchEvent(new CustomEvent(`parley:${name}`, { detail }));
}

/**
 * Calls `listener` for each event of this name; returns the end of it.
 *
 * @template {keyof Details} Name
 * @param {Name} name @param {(detail: Details[Name]) => void} listener
 * @returns {() => void}
 */
export function listen(name, listener) {
  const heard = (/** @type {Event} */ event) => listener(/** @type {CustomEvent} */ (event).detail);
  document.addEventListener(`parley:${name}`, heard);
  return () => document.removeEventListener(`parley:${name}`, heard);
}
