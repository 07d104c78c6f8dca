import { type Interaction, MessageFlags } from 'discord.js';

export type InFlight = {
  readonly route: (interaction: Interaction) => Promise<void>;
  /** From now on everybody is told to try again; what was taken before may take that long. */
  readonly drain: (withinMs: number) => Promise<void>;
};

const RESTARTING = 'Scalpdesk is restarting; try again in a few seconds.';

/** Knows which interactions are being answered, so that a stop does not cut them off. */
export function trackInteractions(route: (interaction: Interaction) => Promise<void>): InFlight {
  const running = new Set<Promise<void>>();
  let isDraining = false;
  return {
    route: (interaction) => {
      if (isDraining) return refuse(interaction);
      const answered = route(interaction).finally(() => running.delete(answered));
      running.add(answered);
      return answered;
    },
    drain: async (withinMs) => {
      isDraining = true;
      const { promise: late, resolve } = Promise.withResolvers<void>();
      const timer = setTimeout(resolve, withinMs);
      await Promise.race([Promise.allSettled(running), late]);
      clearTimeout(timer);
    },
  };
}

async function refuse(interaction: Interaction): Promise<void> {
  if (!interaction.isRepliable()) return;
  // Whoever does not hear it sees Discord's own word that nobody answered.
  await interaction.reply({ content: RESTARTING, flags: MessageFlags.Ephemeral }).catch(() => undefined);
}
