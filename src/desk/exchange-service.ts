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

/** The exchanges of a process: that of its environment, and others that somebody names. */
export type ExchangeServices = {
  readonly of: (exchangeId: string) => ExchangeService;
  readonly close: () => Promise<void>;
};

type Reach = { readonly exchangeId: string; readonly baseUrl: string | null };

/** Only the exchange of the environment may be reached at another address than its own. */
export function openExchangeServices({ exchangeId, baseUrl }: Reach): ExchangeServices {
  const opened = new Map<string, ExchangeService>();
  return {
    of: (id) => {
      const service = opened.get(id) ?? openExchangeService({ exchangeId: id, baseUrl: id === exchangeId ? baseUrl : null });
      opened.set(id, service);
      return service;
    },
    close: async () => {
      await Promise.all(opened.values().map((service) => service.close()));
    },
  };
}

/** Loads the exchange's module with the first question, so that whoever never asks never pays for it. */
export function openExchangeService({ exchangeId, baseUrl }: Reach): ExchangeService {
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
