import { resolveCompareRequest } from '../commands/compare-request.ts';
import { openChartService } from '../desk/chart-service.ts';
import { composeComparisonCard, readFinished } from '../desk/comparison-card.ts';
import { writeComparisonFiles } from '../desk/run-files.ts';
import { compareToEnd } from '../desk/terminal-comparison.ts';
import { plainText } from '../render/plain-text.ts';
import { comparisonAsJson } from '../render/run-export.ts';
import { type BacktestPorts, DEFAULT_FOLDER } from './backtest.ts';
import { list, text } from './backtest-ask.ts';
import type { BacktestFlags } from './backtest-options.ts';
import { askedRun, requestContextOn } from './run-request.ts';
import { progressBar } from './terminal.ts';
import { terminalWords } from './terminal-words.ts';

/** `scalpdesk compare`: the same request, queue and engine as in Discord, printed and written to files. */
export async function compareInTerminal(flags: BacktestFlags, { openDesk, terminal, ...ports }: BacktestPorts): Promise<void> {
  const { ask, settle } = await askedRun(flags);
  const vary = list(flags, 'vary');
  const asked = {
    base: { ...ask, leverage: null },
    leverage: text(flags, 'leverage'),
    vary: vary.length === 0 ? null : vary.join(' '),
    labels: text(flags, 'labels'),
  };

  await using opened = new AsyncDisposableStack();
  const desk = await openDesk();
  opened.defer(desk.close);
  const resolved = resolveCompareRequest(asked, await requestContextOn(desk, ports));
  const request = { ...resolved, base: await settle(desk, resolved.base) };
  const bar = progressBar(terminal);
  const comparison = await compareToEnd(desk, request, bar.show).finally(bar.end);
  const finished = await readFinished(desk.pool, comparison);

  const isJson = flags.json === true;
  const folder = text(flags, 'out') ?? (isJson ? null : DEFAULT_FOLDER);
  if (isJson) terminal.stdout.write(`${JSON.stringify(comparisonAsJson(finished))}\n`);
  if (isJson && folder === null) return;

  const charts = await openChartService(desk.config);
  opened.defer(charts.close);
  const card = await composeComparisonCard({ pool: desk.pool, chartUrl: charts.url, reportError: desk.reportError }, comparison, null);
  if (!isJson) terminal.stdout.write(`${terminalWords(plainText(card))}\n\n`);
  if (folder === null) return;
  const paths = await writeComparisonFiles(folder, finished, card);
  terminal.stderr.write(`${paths.map((path) => `wrote ${path}`).join('\n')}\n`);
}
