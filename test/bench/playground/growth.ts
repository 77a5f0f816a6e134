/** How much a figure grows from one to the next: the slope of the straight line that is nearest to them all. */
export function growth(figures: readonly number[]): number {
  const meanX = (figures.length - 1) / 2;
  const meanY = figures.reduce((sum, y) => sum + y, 0) / figures.length;
  const [above, below] = figures.reduce(
    ([up, down], y, x) => [up + (x - meanX) * (y - meanY), down + (x - meanX) ** 2],
    [0, 0],
  );
  return above / below;
}
