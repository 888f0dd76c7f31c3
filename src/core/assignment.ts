/** Who goes with whom at the least cost: the assignment problem, solved exactly. */

/** Far above any sum of real costs: a pair at this cost is no pair. */
const never = 1e9;

/**
 * The Hungarian method with shortest augmenting paths (Kuhn 1955; Jonker & Volgenant, "A shortest augmenting path
 * algorithm for dense and sparse linear assignment problems", Computing 1987), rows × rows × columns steps.
 *
 * @param costs [rows][columns]; Infinity where the two cannot go together
 * @returns the column of each row, or −1
 */
export function assign(costs: readonly (readonly number[])[]): number[] {
  const rows = costs.length;
  const real = costs[0]?.length ?? 0;
  // One spare column for each row: to stay alone is dearer than any pair and cheaper than one that cannot be.
  const columns = real + rows;
  const alone = never / 4;
  const cost = (row: number, column: number): number =>
    column < real ? Math.min(costs[row]![column]!, never) : alone;
  const byRow = new Float64Array(rows + 1);
  const byColumn = new Float64Array(columns + 1);
  // Columns count from 1; column 0 stands for the row that is being placed.
  const rowOf = new Int32Array(columns + 1);
  const before = new Int32Array(columns + 1);
  for (let row = 1; row <= rows; row++) {
    rowOf[0] = row;
    let at = 0;
    const least = new Float64Array(columns + 1).fill(Number.POSITIVE_INFINITY);
    const done = new Uint8Array(columns + 1);
    do {
      done[at] = 1;
      const here = rowOf[at]!;
      let [step, next] = [Number.POSITIVE_INFINITY, 0];
      for (let column = 1; column <= columns; column++) {
        if (done[column]) continue;
        const reduced = cost(here - 1, column - 1) - byRow[here]! - byColumn[column]!;
        if (reduced < least[column]!) {
          least[column] = reduced;
          before[column] = at;
        }
        if (least[column]! < step) [step, next] = [least[column]!, column];
      }
      for (let column = 0; column <= columns; column++) {
        if (done[column]) {
          byRow[rowOf[column]!]! += step;
          byColumn[column]! -= step;
        } else least[column]! -= step;
      }
      at = next;
    } while (rowOf[at] !== 0);
    while (at !== 0) {
      rowOf[at] = rowOf[before[at]!]!;
      at = before[at]!;
    }
  }
  const columnOf = Array.from({ length: rows }, () => -1);
  for (let column = 1; column <= real; column++) {
    const row = rowOf[column]! - 1;
    if (row >= 0 && costs[row]![column - 1]! < never) columnOf[row] = column - 1;
  }
  return columnOf;
}
