/**
 * Components in codes of four bits: sixteen levels of one coordinate, four of each of two, or two of each of four, as
 * many as the coordinate is worth. A table that is made for a face gives the worth of each of the sixteen for that
 * face ("product quantization": Jégou, Douze & Schmid, PAMI 2011, here with a grid in place of learned centres).
 */

/** Bits of a coordinate, and what becomes of it in a code: optimal for normal numbers (Max, "Quantizing", 1960). */
interface Grain {
  readonly bits: number;
  /** Distance of two levels, in standard deviations. */
  readonly step: number;
  /** Share of the variance that is lost. */
  readonly loss: number;
}

const grains: readonly Grain[] = [
  { bits: 4, step: 0.3352, loss: 0.0115 },
  { bits: 2, step: 0.9957, loss: 0.1188 },
  { bits: 1, step: 1.596, loss: 0.3634 },
];

/** A coordinate's part of a code. */
interface Part {
  readonly code: number;
  /** Bits of the code below it. */
  readonly shift: number;
  /** Values from 0 to this. */
  readonly most: number;
  readonly coordinate: number;
  readonly step: number;
}

export interface CodeBook {
  /** The row's codes are written to `codes`; what they leave of each coordinate, to `kept`, 0 where nothing is. */
  encode(row: Float64Array, codes: Uint8Array, kept: Float64Array): void;
  /** [codes × 16] What each code's meanings are worth, times a face's coordinates, is written to `values`. */
  worth(face: Float64Array, values: Float64Array): void;
}

/**
 * @param deviations of the rows' coordinates, around 0
 * @param telling how much of the scores' variance is a coordinate's
 */
export function codeBook(deviations: Float64Array, telling: Float64Array, codes: number): CodeBook {
  const order = [...telling.keys()].toSorted((a, b) => telling[b]! - telling[a]!);
  const parts = bestSplit(
    order.map((j) => telling[j]!),
    codes,
  ).flatMap((grain, code, all) => {
    const before = all.slice(0, code).reduce((sum, { bits }) => sum + 4 / bits, 0);
    return order.slice(before, before + 4 / grain.bits).map(
      (coordinate, i): Part => ({
        code,
        shift: i * grain.bits,
        most: 2 ** grain.bits - 1,
        coordinate,
        step: Math.max(grain.step * deviations[coordinate]!, 1e-9),
      }),
    );
  });
  return {
    encode(row, own, kept) {
      own.fill(0);
      kept.fill(0);
      for (const { code, shift, most, coordinate, step } of parts) {
        const level = Math.max(0, Math.min(most, Math.round(row[coordinate]! / step + most / 2)));
        own[code]! |= level << shift;
        kept[coordinate] = (level - most / 2) * step;
      }
    },
    worth(face, values) {
      values.fill(0);
      for (const { code, shift, most, coordinate, step } of parts) {
        const unit = step * face[coordinate]!;
        for (let i = 0; i < 16; i++) values[16 * code + i]! += (((i >> shift) & most) - most / 2) * unit;
      }
    },
  };
}

/** The grain of each code, by which least is lost: coarser and coarser ones, by trying all. */
function bestSplit(telling: readonly number[], codes: number): Grain[] {
  const [fine, middle, faint] = grains as [Grain, Grain, Grain];
  let best: { readonly lost: number; readonly split: Grain[] } | undefined;
  for (let a = 0; a <= codes; a++) {
    for (let b = 0; a + b <= codes; b++) {
      const lost = telling.reduce((sum, part, i) => {
        if (i < a) return sum + part * fine.loss;
        if (i < a + 2 * b) return sum + part * middle.loss;
        return sum + (i < a + 2 * b + 4 * (codes - a - b) ? part * faint.loss : part);
      }, 0);
      if (best !== undefined && best.lost <= lost) continue;
      best = {
        lost,
        split: Array.from({ length: codes }, (_, i) => (i < a ? fine : i < a + b ? middle : faint)),
      };
    }
  }
  return best?.split ?? [];
}
