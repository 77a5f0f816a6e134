/** The middle one, or the mean of the two in the middle. */
export function median(figures: readonly number[]): number {
  const sorted = figures.toSorted((a, b) => a - b);
  const [low = Number.NaN, high = low] = [
    sorted[Math.floor((sorted.length - 1) / 2)],
    sorted[Math.ceil((sorted.length - 1) / 2)],
  ];
  return (low + high) / 2;
}

/** What so many of a hundred stay below. */
export function percentile(figures: readonly number[], percent: number): number {
  const sorted = figures.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor((sorted.length * percent) / 100))] ?? Number.NaN;
}

/** The median of each round's ratio; undefined where there is none. */
export function ratioOf(figures: readonly number[], bases: readonly number[]): number | undefined {
  const ratios = figures.slice(0, bases.length).map((figure, round) => figure / (bases[round] ?? Number.NaN));
  const ratio = median(ratios);
  return Number.isFinite(ratio) ? ratio : undefined;
}

/** With three digits that count. */
export function formatFigure(figure: number): string {
  const digits = Math.max(0, 2 - Math.floor(Math.log10(Math.abs(figure) || 1)));
  return Number(figure.toPrecision(3)).toLocaleString("en", {
    minimumFractionDigits: Math.min(digits, 2),
    maximumFractionDigits: Math.min(digits, 2),
  });
}

/** Whole, as what is counted is. */
export function formatCount(count: number): string {
  return Math.round(count).toLocaleString("en");
}

/** As a multiple. */
export function formatRatio(ratio: number): string {
  return `×${ratio >= 10 ? ratio.toFixed(0) : ratio.toFixed(2)}`;
}
