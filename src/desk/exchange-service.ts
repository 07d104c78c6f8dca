import type { Exchange } from '../market/exchange/exchange.ts';
import { openExchange } from '../market/exchange/open-exchange.ts';

/** The exchange of a process: its rate limiter lives in the one client. */
export type ExchangeService = {
  /** Whether it answers within 3 s; an answer is good for half a minute. */
  readonly answers: () => Promise<boolean>;
  readonly open: () => Promise<Exchange>;
  readonly close: () => Promise<void>;
};

const PING_MS = 3_000;
const REQUEST_MS = 20_000;
const ANSWER_GOOD_MS = 30_000;

/** Loads the exchange's module with the first question, so that whoever never asks never pays for it. */
export function openExchangeService({
  exchangeId,
  baseUrl,
}: {
  readonly exchangeId: string;
  readonly baseUrl: string | null;
}): ExchangeService {
  let exchange: Promise<Exchange> | null = null;
  let lastAnswer: { readonly atMs: number; readonly answers: Promise<boolean> } | null = null;
  const open = () => {
    exchange ??= openExchange({ exchangeId, baseUrl, timeLimitMs: REQUEST_MS });
    return exchange;
  };
  return {
    open,
    answers: () => {
      if (lastAnswer === null || performance.now() - lastAnswer.atMs > ANSWER_GOOD_MS) {
        lastAnswer = {
          atMs: performance.now(),
          answers: open().then(
            (opened) => opened.ping(PING_MS),
            () => false,
          ),
        };
      }
      return lastAnswer.answers;
    },
    close: async () => {
      const [opened] = await Promise.allSettled(exchange === null ? [] : [exchange]);
      if (opened?.status === 'fulfilled') opened.value.close();
    },
  };
}
