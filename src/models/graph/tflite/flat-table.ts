/**
 * Reads tables of FlatBuffers. The package of that name wants code that its compiler writes, and reads zeros behind the
 * end of a file that is cut off; a DataView refuses. https://flatbuffers.dev/internals
 */

/** A field by its number in the schema; every reader throws a RangeError beyond the end of the file. */
export class FlatTable {
  readonly #view: DataView;
  readonly #at: number;
  readonly #fields: number;
  readonly #fieldsSize: number;

  constructor(view: DataView, at: number) {
    this.#view = view;
    this.#at = at;
    this.#fields = at - view.getInt32(at, true);
    this.#fieldsSize = view.getUint16(this.#fields, true);
  }

  static root(bytes: Uint8Array): FlatTable {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    return new FlatTable(view, view.getUint32(0, true));
  }

  byte(field: number, otherwise = 0): number {
    const at = this.#place(field);
    return at === 0 ? otherwise : this.#view.getInt8(at);
  }

  flag(field: number): boolean {
    return this.byte(field) !== 0;
  }

  int(field: number, otherwise = 0): number {
    const at = this.#place(field);
    return at === 0 ? otherwise : this.#view.getInt32(at, true);
  }

  float(field: number, otherwise = 0): number {
    const at = this.#place(field);
    return at === 0 ? otherwise : this.#view.getFloat32(at, true);
  }

  text(field: number): string {
    return new TextDecoder().decode(this.bytes(field));
  }

  table(field: number): FlatTable | undefined {
    const at = this.#place(field);
    return at === 0 ? undefined : new FlatTable(this.#view, this.#follow(at));
  }

  tables(field: number): readonly FlatTable[] {
    return this.#list(field, 4, (at) => new FlatTable(this.#view, this.#follow(at)));
  }

  ints(field: number): readonly number[] {
    return this.#list(field, 4, (at) => this.#view.getInt32(at, true));
  }

  longs(field: number): readonly number[] {
    return this.#list(field, 8, (at) => Number(this.#view.getBigInt64(at, true)));
  }

  floats(field: number): readonly number[] {
    return this.#list(field, 4, (at) => this.#view.getFloat32(at, true));
  }

  /** Part of the file itself, not copied. */
  bytes(field: number): Uint8Array {
    const { start, length } = this.#vector(field, 1);
    return new Uint8Array(this.#view.buffer, this.#view.byteOffset + start, length);
  }

  #list<T>(field: number, width: number, read: (at: number) => T): readonly T[] {
    const { start, length } = this.#vector(field, width);
    return Array.from({ length }, (_, i) => read(start + i * width));
  }

  #vector(field: number, width: number): { readonly start: number; readonly length: number } {
    const at = this.#place(field);
    if (at === 0) return { start: 0, length: 0 };
    const start = this.#follow(at) + 4;
    const length = this.#view.getUint32(start - 4, true);
    if (start + length * width > this.#view.byteLength) throw new RangeError('a list ends behind the file');
    return { start, length };
  }

  /** The place of a field; 0 if the table leaves it out. */
  #place(field: number): number {
    const slot = 4 + field * 2;
    if (slot + 2 > this.#fieldsSize) return 0;
    const offset = this.#view.getUint16(this.#fields + slot, true);
    return offset === 0 ? 0 : this.#at + offset;
  }

  #follow(at: number): number {
    return at + this.#view.getUint32(at, true);
  }
}
