/** Numbers that are only ever added to, stored in a typed array that doubles when it is full. */
export class Column<A extends Float64Array | Int32Array | Uint8Array> {
  /** The numbers; longer than {@link length}. Adding may replace the array, so do not hold on to it meanwhile. */
  values: A;
  length = 0;

  constructor(private readonly create: (length: number) => A) {
    this.values = create(16);
  }

  push(value: number): void {
    if (this.length === this.values.length) {
      const grown = this.create(2 * this.length);
      grown.set(this.values);
      this.values = grown;
    }
    this.values[this.length++] = value;
  }
}

export const float64Column = (): Column<Float64Array> => new Column((length) => new Float64Array(length));
export const int32Column = (): Column<Int32Array> => new Column((length) => new Int32Array(length));
export const byteColumn = (): Column<Uint8Array> => new Column((length) => new Uint8Array(length));
