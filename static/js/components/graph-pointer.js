// @ts-check
/** Mouse, pen and fingers on the graph: what they drag, pinch, roll, point at and tap. */

/**
 * @typedef {{x: number, y: number}} Point
 * @typedef {object} Told
 * @property {(x: number, y: number) => void} onMove dragged by so many pixels
 * @property {(times: number, point: Point) => void} onZoom
 * @property {(point: Point | null) => void} onPoint
 * @property {(point: Point) => void} onTap
 */

const STILL = 4; // pixels that a hand may tremble while it taps
const ROLL = 0.0016; // of a wheel's pixel

/** @param {HTMLElement} stage @param {Told} told */
export function followPointer(stage, told) {
  /** @type {Map<number, Point>} */
  const down = new Map();
  let moved = 0;

  const pointOf = (/** @type {MouseEvent} */ event) => {
    const { left, top } = stage.getBoundingClientRect();
    return { x: event.clientX - left, y: event.clientY - top };
  };

  stage.addEventListener('pointerdown', (event) => {
    if (event.button !== 0) return;
    stage.setPointerCapture(event.pointerId);
    down.set(event.pointerId, pointOf(event));
    if (down.size === 1) moved = 0;
  });
  stage.addEventListener('pointermove', (event) => {
    const point = pointOf(event);
    const before = down.get(event.pointerId);
    if (!before) {
      told.onPoint(point);
      return;
    }
    moved += Math.hypot(point.x - before.x, point.y - before.y);
    const other = [...down].find(([id]) => id !== event.pointerId)?.[1];
    down.set(event.pointerId, point);
    if (moved <= STILL) return;
    if (other) pinch(before, point, other);
    else told.onMove(point.x - before.x, point.y - before.y);
  });
  stage.addEventListener('pointerup', (event) => {
    const wasAlone = down.size === 1;
    if (down.delete(event.pointerId) && wasAlone && moved <= STILL) told.onTap(pointOf(event));
  });
  stage.addEventListener('pointercancel', (event) => down.delete(event.pointerId));
  stage.addEventListener('pointerleave', () => told.onPoint(null));
  stage.addEventListener('wheel', (event) => {
    event.preventDefault();
    const lines = event.deltaMode === WheelEvent.DOM_DELTA_LINE ? 16 : 1;
    told.onZoom(Math.exp(-event.deltaY * lines * ROLL * (event.ctrlKey ? 6 : 1)), pointOf(event));
  }, { passive: false });
  stage.addEventListener('dblclick', (event) => told.onZoom(1.6, pointOf(event)));

  /** @param {Point} before @param {Point} point @param {Point} other */
  function pinch(before, point, other) {
    const apart = (/** @type {Point} */ one) => Math.max(1, Math.hypot(one.x - other.x, one.y - other.y));
    told.onZoom(apart(point) / apart(before), { x: (point.x + other.x) / 2, y: (point.y + other.y) / 2 });
    told.onMove((point.x - before.x) / 2, (point.y - before.y) / 2);
  }
}
