import { type Typing, typeOption } from './autocomplete.ts';
import { type ButtonPress, pressButton } from './button-press.ts';
import { CannotSend } from './cannot-send.ts';
import { listCommands } from './commands.ts';
import type { Sent } from './component-use.ts';
import type { Gateway } from './gateway.ts';
import { MESSAGE_TYPES, sendMessage } from './messages.ts';
import type { Filled } from './modal-filling.ts';
import { closeModal, submitModal } from './modal-submit.ts';
import type { ModalView } from './modal-view.ts';
import type { OptionValue } from './option-value.ts';
import type { Places } from './places.ts';
import { type Press, viewPress } from './press.ts';
import { type SelectUse, useSelect } from './select-use.ts';
import { typeCommand } from './slash.ts';
import { type ChannelView, type MessageView, viewChannel, viewMessage } from './view.ts';
import { PATIENCE_MS, waitFor } from './wait.ts';
import { commandJson } from './wire.ts';
import type { Suggestion, World } from './world.ts';

export type SlashCommand = {
  /** With group and subcommand where there are any: "runs trades". */
  readonly command: string;
  readonly options?: Readonly<Record<string, OptionValue>>;
  readonly user?: string;
  readonly guildId?: string;
  readonly channelId?: string;
  /** Gives the command although its default permissions leave the member out, as a server's own settings can allow. */
  readonly ignoreDefaultPermissions?: boolean;
};

export type TypedOption = Pick<Typing, 'command' | 'option' | 'text'> & Partial<Pick<Typing, 'options' | 'user' | 'guildId' | 'channelId'>>;

type Speech = { readonly content: string; readonly user?: string; readonly channelId?: string };

/** What people in the channels can do and see. Without more, it is the ordinary member in the first channel. */
export function createMemberSide(world: World, gateway: Gateway, home: Places['home']) {
  const payloads = new Map<string, unknown>();
  const refuseWithoutBot = (failure: string) => {
    if (!gateway.hasSession()) throw new CannotSend(`${failure}: no bot is logged in.`);
  };
  const deliver = ({ interaction, payload }: Sent): Press => {
    payloads.set(interaction.id, payload);
    gateway.dispatch('INTERACTION_CREATE', payload);
    return viewPress(world, interaction);
  };
  return {
    /** Gives a slash command as a member would. Rejects with CannotSend what a client would not let through. */
    slash: async ({ command, options = {}, user, guildId, channelId, ignoreDefaultPermissions = false }: SlashCommand): Promise<Press> => {
      refuseWithoutBot('The application did not respond');
      const place = { user: user ?? home.userId, guildId: guildId ?? home.guildId, channelId: channelId ?? home.channelId };
      return deliver(typeCommand(world, { command, options, ignoreDefaultPermissions, ...place }));
    },
    /** Types into an option; what the bot suggests for it, as soon as it does. */
    autocomplete: async ({ options = {}, user, guildId, channelId, ...typed }: TypedOption): Promise<readonly Suggestion[]> => {
      refuseWithoutBot('Loading options failed');
      const place = { user: user ?? home.userId, guildId: guildId ?? home.guildId, channelId: channelId ?? home.channelId };
      const { interaction, payload } = typeOption(world, { options, ...place, ...typed });
      gateway.dispatch('INTERACTION_CREATE', payload);
      return waitFor(world, () => interaction.suggestions, { timeoutMs: PATIENCE_MS, what: `suggestions for ${interaction.typed}` });
    },
    /** Presses a button of a message, wherever it is. Rejects with CannotSend what a client would not let through. */
    press: async ({ user = home.userId, ...pressed }: Omit<ButtonPress, 'user'> & { readonly user?: string }): Promise<Press> => {
      refuseWithoutBot('This interaction failed');
      return deliver(pressButton(world, { user, ...pressed }));
    },
    /** Chooses from a menu of texts under a message. Rejects with CannotSend what a client would not let through. */
    select: async ({ user = home.userId, ...used }: Omit<SelectUse, 'user'> & { readonly user?: string }): Promise<Press> => {
      refuseWithoutBot('This interaction failed');
      return deliver(useSelect(world, { user, ...used }));
    },
    /** Submits an open modal, as the member it opened for; a field that is not named stays as it was opened. Rejects with CannotSend. */
    submitModal: async ({ id }: Pick<ModalView, 'id'>, filled: Readonly<Record<string, Filled>> = {}): Promise<Press> => {
      refuseWithoutBot('Something went wrong');
      return deliver(submitModal(world, id, filled));
    },
    /** Puts an open modal away unsent. */
    closeModal: ({ id }: Pick<ModalView, 'id'>): void => closeModal(world, id),
    /** Lets the bot hear of the very same interaction once more, as after a lost acknowledgement of the gateway. */
    redeliver: ({ interactionId }: Pick<Press, 'interactionId'>): void => {
      if (!payloads.has(interactionId)) throw new Error(`Nothing was sent as interaction ${interactionId}.`);
      gateway.dispatch('INTERACTION_CREATE', payloads.get(interactionId));
    },
    /** Writes an ordinary message as a member. */
    say: ({ content, user = home.userId, channelId = home.channelId }: Speech): MessageView => {
      const author = world.users.get(user);
      if (author === undefined) throw new CannotSend(`There is no user ${user}; use an id that addMember returned.`);
      return viewMessage(
        sendMessage(world, { channelId, author, type: MESSAGE_TYPES.ordinary, interaction: null, body: { content }, files: [] }),
      );
    },
    channel: (channelId: string = home.channelId): ChannelView => viewChannel(world, channelId),
    /** Registered commands of one server, or with null the global ones. */
    commands: (guildId: string | null = null) => listCommands(world, guildId).map((command) => commandJson(command, world.bot.id)),
  };
}
