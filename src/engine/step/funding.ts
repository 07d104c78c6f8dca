import type { Run } from './run.ts';

/**
 * Pays what fell due after the previous time step and up to this open, on every open position with a funding series,
 * whether or not its symbol has a bar now: mark × rate × quantity, longs pay a positive rate. Nothing is paid twice, so that
 * it may be asked again within a bar.
 */
export function payFunding({ program, state, recorder, fundingIndex }: Run, openTimeMs: number): void {
  const sinceMs = Math.max(state.lastTimeMs ?? openTimeMs, state.fundedUntilMs ?? Number.NEGATIVE_INFINITY);
  for (let index = 0; index < program.symbols.length; index++) {
    const funding = program.symbols[index]?.funding ?? null;
    if (funding === null) continue;
    let row = fundingIndex[index] as number;
    while (row < funding.timeMs.length && (funding.timeMs[row] as number) <= openTimeMs) {
      const symbol = state.symbols[index];
      const timeMs = funding.timeMs[row] as number;
      if (symbol?.position && symbol.mark !== null && timeMs > sinceMs) {
        const rate = funding.rate[row] as number;
        const paid = symbol.position.direction * symbol.mark * rate * symbol.position.quantity;
        state.cash -= paid;
        symbol.position.fundingPaid += paid;
        recorder.event({ time: openTimeMs, kind: 'funding', due: timeMs, symbol: program.symbols[index]?.symbol, rate, paid });
      }
      row++;
    }
    fundingIndex[index] = row;
  }
  state.fundedUntilMs = openTimeMs;
}
