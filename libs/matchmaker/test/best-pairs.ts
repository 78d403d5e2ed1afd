/** An edge between two vertices; 0 stands for none. */
interface Edge {
  readonly from: number;
  readonly to: number;
  readonly weight: number;
}

type Label = 'even' | 'odd' | 'free';

/**
 * The largest total weight of pairs of which no two share an entry, by Edmonds' blossom algorithm in O(n^3) (J. Edmonds 1965, with
 * the dual variables of Z. Galil 1986). Vertices are numbered from 1, contracted blossoms from `n + 1`; 0 is nobody.
 *
 * `weight`: symmetric, whole numbers >= 0, 0 where a pair is not allowed.
 */
export function bestPairs(n: number, weight: (a: number, b: number) => number): [number, number][] {
  const matching = new BlossomMatching(n, weight);
  return matching.solve();
}

class BlossomMatching {
  private top: number;
  private readonly edges: Edge[][];
  private readonly dual: number[];
  private readonly mate: number[];
  /** Per vertex of a tree the end, outside it, of the edge with the least slack. */
  private readonly slackFrom: number[];
  /** The outermost blossom around a vertex; 0 where a number is not in use. */
  private readonly outer: number[];
  private readonly parent: number[];
  private readonly label: Label[];
  private readonly visited: number[];
  private readonly petals: number[][];
  /** Per blossom and vertex in it: the petal that holds the vertex. */
  private readonly petalOf: number[][];
  private queue: number[] = [];
  private visit = 0;

  constructor(
    private readonly n: number,
    weight: (a: number, b: number) => number,
  ) {
    const size = 2 * n + 2;
    const zeros = () => new Array<number>(size).fill(0);
    this.top = n;
    this.edges = Array.from({ length: size }, (_, from) =>
      Array.from({ length: size }, (__, to) => ({
        from,
        to,
        weight:
          from >= 1 && to >= 1 && from <= n && to <= n && from !== to ? 2 * weight(from - 1, to - 1) : 0,
      })),
    );
    this.mate = zeros();
    this.slackFrom = zeros();
    this.parent = zeros();
    this.visited = zeros();
    this.label = new Array<Label>(size).fill('free');
    this.petals = Array.from({ length: size }, () => []);
    this.petalOf = Array.from({ length: size }, zeros);
    this.outer = zeros().map((_, x) => (x <= n ? x : 0));
    for (let x = 1; x <= n; x++) (this.petalOf[x] as number[])[x] = x;
    let largest = 0;
    for (const row of this.edges) for (const edge of row) largest = Math.max(largest, edge.weight);
    this.dual = zeros().map((_, x) => (x <= n ? largest / 2 : 0));
  }

  solve(): [number, number][] {
    while (this.phase());
    const pairs: [number, number][] = [];
    for (let x = 1; x <= this.n; x++) {
      const y = this.mate[x] as number;
      if (y !== 0 && y < x) pairs.push([y - 1, x - 1]);
    }
    return pairs;
  }

  private edge(a: number, b: number): Edge {
    return (this.edges[a] as Edge[])[b] as Edge;
  }

  private at(list: readonly number[], index: number): number {
    return list[index] as number;
  }

  private slack({ from, to }: Edge): number {
    return this.at(this.dual, from) + this.at(this.dual, to) - this.edge(from, to).weight;
  }

  private offerSlack(from: number, x: number): void {
    const now = this.at(this.slackFrom, x);
    if (now === 0 || this.slack(this.edge(from, x)) < this.slack(this.edge(now, x))) this.slackFrom[x] = from;
  }

  private findSlack(x: number): void {
    this.slackFrom[x] = 0;
    for (let from = 1; from <= this.n; from++) {
      const blossom = this.at(this.outer, from);
      if (this.edge(from, x).weight > 0 && blossom !== x && this.label[blossom] === 'even') {
        this.offerSlack(from, x);
      }
    }
  }

  private enqueue(x: number): void {
    if (x <= this.n) this.queue.push(x);
    else for (const petal of this.petals[x] as number[]) this.enqueue(petal);
  }

  private setOuter(x: number, blossom: number): void {
    this.outer[x] = blossom;
    if (x > this.n) for (const petal of this.petals[x] as number[]) this.setOuter(petal, blossom);
  }

  /** The place of a petal, counted in the direction in which it is an even number of steps from the base. */
  private evenPlace(blossom: number, petal: number): number {
    const petals = this.petals[blossom] as number[];
    const place = petals.indexOf(petal);
    if (place % 2 === 0) return place;
    petals.splice(1, petals.length - 1, ...petals.slice(1).reverse());
    return petals.length - place;
  }

  private setMate(x: number, y: number): void {
    const edge = this.edge(x, y);
    this.mate[x] = edge.to;
    if (x <= this.n) return;
    const petal = this.at(this.petalOf[x] as number[], edge.from);
    const place = this.evenPlace(x, petal);
    const petals = this.petals[x] as number[];
    for (let i = 0; i < place; i++) this.setMate(this.at(petals, i), this.at(petals, i ^ 1));
    this.setMate(petal, y);
    this.petals[x] = [...petals.slice(place), ...petals.slice(0, place)];
  }

  private augment(start: number, end: number): void {
    for (let [x, y] = [start, end]; ;) {
      const next = this.at(this.outer, this.at(this.mate, x));
      this.setMate(x, y);
      if (next === 0) return;
      const above = this.at(this.outer, this.at(this.parent, next));
      this.setMate(next, above);
      [x, y] = [above, next];
    }
  }

  private commonAncestor(a: number, b: number): number {
    this.visit++;
    for (let [x, y] = [a, b]; x !== 0 || y !== 0; [x, y] = [y, x]) {
      if (x === 0) continue;
      if (this.visited[x] === this.visit) return x;
      this.visited[x] = this.visit;
      x = this.at(this.outer, this.at(this.mate, x));
      if (x !== 0) x = this.at(this.outer, this.at(this.parent, x));
    }
    return 0;
  }

  private contract(a: number, base: number, b: number): void {
    let blossom = this.n + 1;
    while (blossom <= this.top && this.outer[blossom] !== 0) blossom++;
    this.top = Math.max(this.top, blossom);
    this.dual[blossom] = 0;
    this.label[blossom] = 'even';
    this.mate[blossom] = this.at(this.mate, base);
    const side = (end: number) => {
      const petals: number[] = [];
      for (let x = end; x !== base;) {
        const y = this.at(this.outer, this.at(this.mate, x));
        petals.push(x, y);
        this.enqueue(y);
        x = this.at(this.outer, this.at(this.parent, y));
      }
      return petals;
    };
    const petals = [base, ...side(a).reverse(), ...side(b)];
    this.petals[blossom] = petals;
    this.setOuter(blossom, blossom);
    const none: Edge = { from: 0, to: 0, weight: 0 };
    for (let x = 1; x <= this.top; x++) {
      (this.edges[blossom] as Edge[])[x] = none;
      (this.edges[x] as Edge[])[blossom] = none;
    }
    (this.petalOf[blossom] as number[]).fill(0);
    for (const petal of petals) {
      for (let x = 1; x <= this.top; x++) {
        const known = this.edge(blossom, x);
        const edge = this.edge(petal, x);
        if (known.weight !== 0 && (edge.weight === 0 || this.slack(edge) >= this.slack(known))) continue;
        (this.edges[blossom] as Edge[])[x] = edge;
        (this.edges[x] as Edge[])[blossom] = this.edge(x, petal);
      }
      for (let x = 1; x <= this.n; x++) {
        if (this.at(this.petalOf[petal] as number[], x) !== 0) (this.petalOf[blossom] as number[])[x] = petal;
      }
    }
    this.findSlack(blossom);
  }

  private expand(blossom: number): void {
    for (const petal of this.petals[blossom] as number[]) this.setOuter(petal, petal);
    const entry = this.edge(blossom, this.at(this.parent, blossom)).from;
    const door = this.at(this.petalOf[blossom] as number[], entry);
    const place = this.evenPlace(blossom, door);
    const petals = this.petals[blossom] as number[];
    for (let i = 0; i < place; i += 2) {
      const [odd, even] = [this.at(petals, i), this.at(petals, i + 1)];
      this.parent[odd] = this.edge(even, odd).from;
      this.label[odd] = 'odd';
      this.label[even] = 'even';
      this.slackFrom[odd] = 0;
      this.findSlack(even);
      this.enqueue(even);
    }
    this.label[door] = 'odd';
    this.parent[door] = this.at(this.parent, blossom);
    for (const petal of petals.slice(place + 1)) {
      this.label[petal] = 'free';
      this.findSlack(petal);
    }
    this.outer[blossom] = 0;
  }

  /** Follows an edge without slack; true when it completed a path by which one pair more is made. */
  private follow({ from, to }: Edge): boolean {
    const [x, y] = [this.at(this.outer, from), this.at(this.outer, to)];
    if (this.label[y] === 'free') {
      const next = this.at(this.outer, this.at(this.mate, y));
      this.parent[y] = from;
      this.label[y] = 'odd';
      this.slackFrom[y] = 0;
      this.slackFrom[next] = 0;
      this.label[next] = 'even';
      this.enqueue(next);
    } else if (this.label[y] === 'even') {
      const base = this.commonAncestor(x, y);
      if (base === 0) {
        this.augment(x, y);
        this.augment(y, x);
        return true;
      }
      this.contract(x, base, y);
    }
    return false;
  }

  /** Grows trees from all who have no mate until a pair more is made; false when none can gain. */
  private phase(): boolean {
    this.queue = [];
    for (let x = 1; x <= this.top; x++) {
      this.label[x] = 'free';
      this.slackFrom[x] = 0;
    }
    for (let x = 1; x <= this.top; x++) {
      if (this.outer[x] !== x || this.mate[x] !== 0) continue;
      this.parent[x] = 0;
      this.label[x] = 'even';
      this.enqueue(x);
    }
    if (this.queue.length === 0) return false;
    for (;;) {
      for (let x = this.queue.pop(); x !== undefined; x = this.queue.pop()) {
        if (this.label[this.at(this.outer, x)] === 'odd') continue;
        for (let y = 1; y <= this.n; y++) {
          const edge = this.edge(x, y);
          if (edge.weight === 0 || this.outer[x] === this.outer[y]) continue;
          if (this.slack(edge) > 0) this.offerSlack(x, this.at(this.outer, y));
          else if (this.follow(edge)) return true;
        }
      }
      if (!this.adjustDuals()) return false;
      for (let x = 1; x <= this.top; x++) {
        const from = this.at(this.slackFrom, x);
        if (this.outer[x] !== x || from === 0 || this.outer[from] === x) continue;
        const edge = this.edge(from, x);
        if (this.slack(edge) === 0 && this.follow(edge)) return true;
      }
      for (let x = this.n + 1; x <= this.top; x++) {
        if (this.outer[x] === x && this.label[x] === 'odd' && this.dual[x] === 0) this.expand(x);
      }
    }
  }

  private adjustDuals(): boolean {
    let step = Infinity;
    for (let x = 1; x <= this.top; x++) {
      if (this.outer[x] !== x) continue;
      if (x > this.n && this.label[x] === 'odd') step = Math.min(step, this.at(this.dual, x) / 2);
      const from = this.at(this.slackFrom, x);
      if (from === 0) continue;
      const slack = this.slack(this.edge(from, x));
      if (this.label[x] === 'free') step = Math.min(step, slack);
      else if (this.label[x] === 'even') step = Math.min(step, slack / 2);
    }
    for (let x = 1; x <= this.n; x++) {
      const label = this.label[this.at(this.outer, x)];
      if (label === 'even') {
        // Who has no mate gains nothing from one any more.
        if (this.at(this.dual, x) <= step) return false;
        this.dual[x] = this.at(this.dual, x) - step;
      } else if (label === 'odd') this.dual[x] = this.at(this.dual, x) + step;
    }
    for (let x = this.n + 1; x <= this.top; x++) {
      if (this.outer[x] !== x) continue;
      if (this.label[x] === 'even') this.dual[x] = this.at(this.dual, x) + 2 * step;
      else if (this.label[x] === 'odd') this.dual[x] = this.at(this.dual, x) - 2 * step;
    }
    this.queue = [];
    return true;
  }
}
