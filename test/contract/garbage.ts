type Collecting = { gc?: () => unknown; Bun?: { gc(force: boolean): void } };

/**
 * Collects garbage often enough that what nobody holds is gone, and what waits for that has been told. Only where the
 * runtime was started so that programs may; elsewhere it is a short rest.
 */
export async function collectGarbage(): Promise<void> {
  const { gc, Bun } = globalThis as Collecting;
  for (let i = 0; i < 10; i++) {
    if (Bun !== undefined) Bun.gc(true);
    else gc?.();
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
