// @ts-check
/** The confidence chip: ring, percent and the word; absent where nothing honest can be said. */

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
  chip.dataset['level'] = levelOf(share);
  fill(chip, 'percent', String(percent));
  slot(chip, 'ring')?.setAttribute('stroke-dasharray', `${percent} 100`);
}

/**
 * @param {number} share
 */
function levelOf(share) {
  if (share >= 0.8) return 'high';
  return share >= 0.5 ? 'medium' : 'low';
}
