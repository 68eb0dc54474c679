/** The part of d3-force that the page uses; the file adds it to the global `d3`. */
export interface Point {
  index: number;
  x: number;
  y: number;
}
export interface Simulation {
  force(name: string, force: object): this;
  alpha(value: number): this;
  alphaDecay(value: number): this;
  velocityDecay(value: number): this;
  stop(): this;
  tick(): this;
}
interface Positioning {
  strength(value: number): this;
}
interface Repelling extends Positioning {
  theta(value: number): this;
  distanceMax(value: number): this;
}
interface Colliding<Node> extends Positioning {
  radius(value: (node: Node) => number): this;
  iterations(value: number): this;
}
interface Linking<Link> {
  distance(value: (link: Link) => number): this;
  strength(value: (link: Link) => number): this;
}
declare global {
  var d3: {
    forceSimulation<Node extends Point>(nodes: Node[]): Simulation;
    forceManyBody(): Repelling;
    forceCollide<Node>(): Colliding<Node>;
    forceLink<Link>(links: Link[]): Linking<Link>;
    forceX(x: number): Positioning;
    forceY(y: number): Positioning;
  };
}
