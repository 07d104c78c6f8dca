/** The most common step forward between one time and the next, the smaller of equals; null without any. */
export function findUsualStepMs(timeMs: Float64Array): number | null {
  const counts = new Map<number, number>();
  for (let row = 1; row < timeMs.length; row++) {
    const stepMs = (timeMs[row] as number) - (timeMs[row - 1] as number);
    if (stepMs > 0) counts.set(stepMs, (counts.get(stepMs) ?? 0) + 1);
  }
  let usualMs: number | null = null;
  let most = 0;
  for (const [stepMs, count] of counts) {
    if (count < most || (count === most && usualMs !== null && stepMs > usualMs)) continue;
    usualMs = stepMs;
    most = count;
  }
  return usualMs;
}
