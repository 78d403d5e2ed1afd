/** Nodes and weights of the 10-point Gauss-Legendre rule on [-1, 1], the positive half. */
export const GAUSS_NODES = [
  0.14887433898163122, 0.4333953941292472, 0.6794095682990244, 0.8650633666889845, 0.9739065285171717,
] as const;
export const GAUSS_WEIGHTS = [
  0.29552422471475287, 0.26926671930999635, 0.21908636251598204, 0.1494513491505806, 0.06667134430868814,
] as const;

/** A normal density or distribution function as part of an integrand: where it is, and its deviation, > 0. */
export interface Feature {
  readonly centre: number;
  readonly width: number;
}

/** Deviations that hold all of a normal density to double precision. */
const REACH = 8.5;

/**
 * Calls `visit(x, width)` for the nodes of a quadrature over all of the line where one of the densities has weight: the
 * integral is the sum of the integrand times `width`. No panel of ten nodes is longer than `longest` deviations of a density
 * or a step that it touches.
 */
export function forEachNode(
  densities: readonly Feature[],
  steps: readonly Feature[],
  longest: number,
  visit: (x: number, width: number) => void,
): void {
  let start = startAfter(-Infinity, densities);
  while (start < Infinity) {
    const half = Math.min(panelAt(start, densities, longest), panelAt(start, steps, longest)) / 2;
    const middle = start + half;
    for (let i = 0; i < GAUSS_NODES.length; i++) {
      const offset = half * (GAUSS_NODES[i] as number);
      const width = half * (GAUSS_WEIGHTS[i] as number);
      visit(middle - offset, width);
      visit(middle + offset, width);
    }
    // A panel too short for the digits of its place is no standstill.
    start = startAfter(Math.max(start + 2 * half, start + Math.abs(start) * 2.3e-16), densities);
  }
}

/** The first place from `x` on where a density has weight; Infinity where none has. */
function startAfter(x: number, densities: readonly Feature[]): number {
  let start = Infinity;
  for (const { centre, width } of densities) {
    const reach = REACH * width;
    if (x < centre + reach) start = Math.min(start, Math.max(x, centre - reach));
  }
  return start;
}

/** How long a panel from `start` on may be: up to the next feature, or a part of the narrowest one there. */
function panelAt(start: number, features: readonly Feature[], longest: number): number {
  let panel = Infinity;
  for (const { centre, width } of features) {
    const distance = centre - start;
    const reach = REACH * width;
    if (distance >= -reach) panel = Math.min(panel, Math.max(distance - reach, longest * width));
  }
  return panel;
}
