// @ts-check
/** The confidence chip: ring, percent and the word; absent where nothing honest can be said. */

import { levelOf } from '../lib/confidence-level.js';
import { fill, slot } from './template.js';

/**
 * @param {Element} root @param {number | null} share from 0 to 1
 */
export function showConfidence(root, share) {
  const chip = slot(root, 'confidence');
  if (!chip) return;
  chip.hidden = share === null;
  if (share === null) return;
  const percent = Math.round(share * 100);
  chip.dataset['level'] = levelOf(percent, document.body.dataset['confidence']);
  fill(chip, 'percent', String(percent));
  slot(chip, 'ring')?.setAttribute('stroke-dasharray', `${percent} 100`);
}
