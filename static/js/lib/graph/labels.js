// @ts-check
/**
 * Which names can be read beside each other: each takes the first free place around its circle, those
 * that matter more before the others; who finds none has no name until there is room. Imports nothing.
 */

/**
 * @typedef {{x: number, y: number, radius: number, width: number, first?: boolean}} Named on the screen;
 *   the name of one that is `first` may cover the circles of those that are not
 * @typedef {{left: number, top: number, right: number, bottom: number}} Box
 * @typedef {{index: number, x: number, y: number}} Label the middle of its line
 */

const HEIGHT = 15;
const GAP = 3;
const CELL = 64;

/**
 * The names that are shown, of circles that come with those that matter most first.
 *
 * @param {Named[]} circles @param {{width: number, height: number}} size of the screen
 * @param {Box[]} [others] what else stands there
 * @returns {Label[]}
 */
export function placeLabels(circles, size, others = []) {
  const seen = circles.map((circle) => isSeen(circle, size));
  const covered = createBoxes();
  const taken = createBoxes();
  for (const other of others) taken.add(other, -1);
  circles.forEach((circle, index) => {
    if (seen[index]) (circle.first ? taken : covered).add(around(circle), index);
  });
  /** @type {Label[]} */
  const labels = [];
  circles.forEach((circle, index) => {
    if (!seen[index]) return;
    const free = placesOf(circle).find((box) => isWithin(box, size) && !taken.meets(box, index)
      && (circle.first || !covered.meets(box, index)));
    if (!free) return;
    taken.add(free, index);
    labels.push({ index, x: (free.left + free.right) / 2, y: (free.top + free.bottom) / 2 });
  });
  return labels;
}

/** Below, above, right, left. @param {Named} circle @returns {Box[]} */
function placesOf({ x, y, radius, width }) {
  const away = radius + GAP;
  return [
    box(x, y + away + HEIGHT / 2, width),
    box(x, y - away - HEIGHT / 2, width),
    box(x + away + width / 2, y, width),
    box(x - away - width / 2, y, width),
  ];
}

/** @param {number} x @param {number} y @param {number} width @returns {Box} */
function box(x, y, width) {
  return { left: x - width / 2, right: x + width / 2, top: y - HEIGHT / 2, bottom: y + HEIGHT / 2 };
}

/** @param {Named} circle @returns {Box} */
function around({ x, y, radius }) {
  return { left: x - radius, right: x + radius, top: y - radius, bottom: y + radius };
}

/** @param {Named} circle @param {{width: number, height: number}} size */
function isSeen({ x, y, radius }, { width, height }) {
  return x > -radius && y > -radius && x < width + radius && y < height + radius;
}

/** @param {Box} box @param {{width: number, height: number}} size */
function isWithin({ left, top, right, bottom }, { width, height }) {
  return left >= 0 && top >= 0 && right <= width && bottom <= height;
}

/** Boxes by the cells of a grid, so that few are compared. */
function createBoxes() {
  /** @type {Map<string, {box: Box, owner: number}[]>} */
  const cells = new Map();
  return {
    /** @param {Box} box @param {number} owner */
    add(box, owner) {
      for (const cell of cellsOf(box)) {
        const held = cells.get(cell);
        if (held) held.push({ box, owner });
        else cells.set(cell, [{ box, owner }]);
      }
    },
    /** Whether any but those of `but` meets the box. @param {Box} box @param {number} but */
    meets(box, but) {
      return cellsOf(box).some((cell) => cells.get(cell)?.some(
        (held) => held.owner !== but && overlap(held.box, box)));
    },
  };
}

/** @param {Box} box */
function cellsOf({ left, top, right, bottom }) {
  const cells = [];
  for (let x = Math.floor(left / CELL); x <= Math.floor(right / CELL); x += 1) {
    for (let y = Math.floor(top / CELL); y <= Math.floor(bottom / CELL); y += 1) cells.push(`${x},${y}`);
  }
  return cells;
}

/** @param {Box} a @param {Box} b */
function overlap(a, b) {
  return a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;
}
