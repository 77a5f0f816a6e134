import { anchor } from "./contenders/contenders.ts";

/** One figure of several contenders, once a round. */
export class Samples {
  readonly #byContender = new Map<string, number[]>();

  add(contender: string, figure: number): void {
    const figures = this.#byContender.get(contender) ?? [];
    figures.push(figure);
    this.#byContender.set(contender, figures);
  }

  /** The median over the rounds, and the median of each round's ratio to the bare stub. */
  cell(contender: string, format: (figure: number) => string, base: string = anchor): string {
    const figures = this.#byContender.get(contender) ?? [];
    if (figures.length === 0) return "–";
    const bases = this.#byContender.get(base) ?? [];
    const ratios = figures.slice(0, bases.length).map((figure, round) => figure / (bases[round] ?? Number.NaN));
    const ratio = contender === base || ratios.length === 0 ? "" : ` (×${formatRatio(median(ratios))})`;
    return `${format(median(figures))}${ratio}`;
  }
}

/** The middle one, or the mean of the two in the middle. */
export function median(figures: readonly number[]): number {
  const sorted = figures.toSorted((a, b) => a - b);
  const [low = Number.NaN, high = low] = [
    sorted[Math.floor((sorted.length - 1) / 2)],
    sorted[Math.ceil((sorted.length - 1) / 2)],
  ];
  return (low + high) / 2;
}

/** With three digits that count. */
export function formatFigure(figure: number): string {
  const digits = Math.max(0, 2 - Math.floor(Math.log10(Math.abs(figure) || 1)));
  return Number(figure.toPrecision(3)).toLocaleString("en", {
    minimumFractionDigits: Math.min(digits, 2),
    maximumFractionDigits: Math.min(digits, 2),
  });
}

function formatRatio(ratio: number): string {
  return ratio >= 10 ? ratio.toFixed(0) : ratio.toFixed(2);
}
