import { z } from 'zod';

/** What a strategist can be told to trade like: by the desk's own rules, or by a language model with one of the prompts that come with it. */
export const STRATEGIST_STYLES = ['rule-based', 'aggressive_active', 'conservative', 'mean_reversion'] as const;

export const STYLE_MEANINGS: Readonly<Record<(typeof STRATEGIST_STYLES)[number], string>> = {
  'rule-based': 'the desk’s own rules, at no cost',
  aggressive_active: 'a language model, active in both directions',
  conservative: 'a language model, patient, with the trend',
  mean_reversion: 'a language model, against overdone moves',
};

/** `replay` asks nobody and refuses what is not on record; `record` asks for what is not; `live` always asks. */
export const PLANNING_MODES = ['record', 'replay', 'live'] as const;

export const OWN_PROMPT_CHARACTERS = 8_000;

/** Names a recording. */
export const TAKE = /^[\w.-]{0,64}$/;

/** Who plans a run, and plans again while it goes on. */
export const strategistSchema = z.strictObject({
  style: z.enum([...STRATEGIST_STYLES, 'own']).describe('How to trade; own: as `prompt` says'),
  prompt: z.string().max(OWN_PROMPT_CHARACTERS).nullable().describe('A style of the person’s own; null with any other style'),
  take: z.string().regex(TAKE).describe('Names one of several recordings of the same questions; the usual one is empty'),
  mode: z.enum(PLANNING_MODES).describe('Whether answers on record are used, and whether what is not is asked for'),
  model: z.string().nullable().exactOptional().describe('Which model plans, null for none; settled by the worker, once'),
});

export type StrategistSpec = Readonly<z.infer<typeof strategistSchema>>;
