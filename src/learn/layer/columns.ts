/** Long columns of numbers. */

/** In four sums side by side: the processor need not wait for one addition to begin the next. */
export function dot(a: Float64Array, b: Float64Array): number {
  const even = a.length - (a.length % 4);
  let [s, t, u, v] = [0, 0, 0, 0];
  for (let i = 0; i < even; i += 4) {
    s += a[i]! * b[i]!;
    t += a[i + 1]! * b[i + 1]!;
    u += a[i + 2]! * b[i + 2]!;
    v += a[i + 3]! * b[i + 3]!;
  }
  for (let i = even; i < a.length; i++) s += a[i]! * b[i]!;
  return s + t + u + v;
}

/** Adds so many times `what`. */
export function add(to: Float64Array, what: Float64Array, times: number): void {
  for (let i = 0; i < to.length; i++) to[i]! += times * what[i]!;
}

export function scaled(values: Float64Array, times: number): Float64Array {
  const out = new Float64Array(values.length);
  for (let i = 0; i < out.length; i++) out[i] = times * values[i]!;
  return out;
}

/** The largest size of a number. */
export function largest(values: Float64Array): number {
  let most = 0;
  for (let i = 0; i < values.length; i++) most = Math.max(most, Math.abs(values[i]!));
  return most;
}
