// @ts-check
/** The sidebar: its drawer on small screens, its list of conversations, and finding one by its title. */

import { listen } from '../events.js';
import { createConversationList } from './conversation-list.js';
import { createDrawer } from './drawer.js';
import { readNews } from './news.js';

/** @param {HTMLElement} side */
export function mount(side) {
  createDrawer(side);
  const list = createConversationList(side);
  listen('conversation', ({ happening, id, title, archived }) => {
    if (happening === 'deleted' || archived) list.remove(id);
    else if (happening.endsWith('pinned')) list.reload();
    else list.put(id, title ?? '');
  });
  listen('news', ({ happening, conversation_id: id }) => list.setRunning(id, happening === 'started'));
  listen('run', ({ running, conversationId }) => list.setRunning(conversationId, running));
  listen('resync', () => list.reload());
  readNews();
}
