// @ts-check
/** The word for a confidence, as the server has it, too (chat/web/formats.py). */

/**
 * @param {number} percent as it is shown
 * @param {string} [levels] from how many percent on it is high, and medium: `80 50`
 */
export function levelOf(percent, levels = '') {
  const [high = 80, medium = 50] = levels.split(' ').filter(Boolean).map(Number);
  if (percent >= high) return 'high';
  return percent >= medium ? 'medium' : 'low';
}
