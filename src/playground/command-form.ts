import { z } from 'zod';
import { checkCommand } from './command-checks.ts';
import { described, optionsSchema } from './option-form.ts';

const permissionBits = z.union([z.string().regex(/^\d+$/), z.int().min(0)]).nullish();

/** A slash command as a bot registers it. */
export const commandSchema = z
  .object({
    type: z.literal(1).nullish().describe('1: slash command'),
    ...described,
    options: optionsSchema,
    default_member_permissions: permissionBits.describe('Who sees it before the server decides otherwise; permission bits'),
    dm_permission: z.boolean().nullish().describe('Usable outside servers (old form)'),
    contexts: z.array(z.int()).nullish().describe('0 server, 1 direct message, 2 private channel'),
    integration_types: z.array(z.int()).nullish().describe('0 server, 1 user'),
    nsfw: z.boolean().nullish().describe('Only in age-restricted channels'),
  })
  .superRefine(checkCommand);

export type CommandForm = z.infer<typeof commandSchema>;
