// @ts-check
/**
 * Numbers and times as people read them, in the reader's own language where
 * the browser knows how. Pure: the time of day is passed in. Imports nothing.
 */

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/**
 * A length of time: `4 ms`, `3.2 s`, `1 min 5 s`, `2 h 3 min`.
 *
 * @param {number} milliseconds
 */
export function duration(milliseconds) {
  if (milliseconds < SECOND) return `${Math.round(milliseconds)} ms`;
  const tenths = Math.round(milliseconds / 100) / 10;
  if (tenths < 60) return `${tenths < 10 ? tenths.toFixed(1) : Math.round(tenths)} s`;
  const seconds = Math.round(milliseconds / SECOND);
  if (seconds < 3600) return pair(Math.floor(seconds / 60), 'min', seconds % 60, 's');
  return pair(Math.floor(seconds / 3600), 'h', Math.floor((seconds % 3600) / 60), 'min');
}

/** @param {number} large @param {string} unit @param {number} small @param {string} smallUnit */
function pair(large, unit, small, smallUnit) {
  return small === 0 ? `${large} ${unit}` : `${large} ${unit} ${small} ${smallUnit}`;
}

/**
 * A time to wait, as a clock counts it down: `0:24`, `1:05`, `5:03:20`.
 *
 * @param {number} seconds
 */
export function countdown(seconds) {
  const whole = Math.max(0, Math.ceil(seconds));
  const [hours, minutes, rest] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, two(whole % 60)];
  return hours > 0 ? `${hours}:${two(minutes)}:${rest}` : `${minutes}:${rest}`;
}

/** @param {number} part */
function two(part) {
  return String(part).padStart(2, '0');
}

/**
 * The time of day, `08:51`.
 *
 * @param {Date | string | number} time @param {string} [language]
 */
export function clock(time, language) {
  return new Intl.DateTimeFormat(language, { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' })
    .format(new Date(time));
}

/**
 * How long ago, or from when on: `just now`, `5 minutes ago`, `yesterday`, then the date.
 *
 * @param {Date | string | number} time
 * @param {{now?: number, language?: string}} [options]
 */
export function relativeTime(time, { now = Date.now(), language = 'en' } = {}) {
  const passed = new Date(time).getTime() - now;
  const size = Math.abs(passed);
  const words = new Intl.RelativeTimeFormat(language, { numeric: 'auto' });
  if (size < MINUTE) return 'just now';
  if (size < HOUR) return words.format(Math.trunc(passed / MINUTE), 'minute');
  if (size < DAY) return words.format(Math.trunc(passed / HOUR), 'hour');
  if (size < 7 * DAY) return words.format(Math.trunc(passed / DAY), 'day');
  return new Intl.DateTimeFormat(language, { dateStyle: 'medium' }).format(new Date(time));
}

/**
 * A number with the separators of the language, and at most one decimal.
 *
 * @param {number} value @param {string} [language]
 */
export function number(value, language = 'en') {
  return new Intl.NumberFormat(language, { maximumFractionDigits: 1 }).format(value);
}

/**
 * A share of one, `62 %`.
 *
 * @param {number} share from 0 to 1
 */
export function percent(share) {
  return `${Math.round(share * 100)} %`;
}

/**
 * A size in bytes, `3.4 MB`, in steps of 1,000.
 *
 * @param {number} bytes
 */
export function fileSize(bytes) {
  const units = ['bytes', 'kB', 'MB', 'GB', 'TB'];
  let value = bytes;
  let unit = 0;
  for (; value >= 999.5 && unit < units.length - 1; unit += 1) value /= 1000;
  return `${unit === 0 || value >= 100 ? Math.round(value) : Math.round(value * 10) / 10} ${units[unit]}`;
}
