import { startChartServer } from '../charts/chart-server.ts';
import type { Config } from '../config/config.ts';

export type ChartService = { readonly url: string; readonly close: () => Promise<void> };

/** The renderer the environment names, or our own on loopback. */
export async function openChartService({ quickchartUrl }: Config): Promise<ChartService> {
  return quickchartUrl === null ? startChartServer() : { url: quickchartUrl, close: async () => {} };
}
