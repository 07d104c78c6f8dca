import { refuse } from './api-error.ts';
import { type Call, ok, type Route } from './route.ts';
import { guildJson, memberJson, userJson } from './wire.ts';
import type { Guild, World } from './world.ts';

/** What a bot asks about itself and the places it is in. */
export function lookupRoutes(world: World, gatewayUrl: () => string): readonly Route[] {
  const common = { method: 'GET', auth: 'bot', bucket: null } as const;
  const guildOf = ({ param }: Call): Guild => {
    const guild = world.guilds.get(param('guildId'));
    if (guild === undefined) throw refuse('unknownGuild');
    return guild;
  };
  return [
    {
      ...common,
      name: 'get-gateway',
      path: '/gateway/bot',
      run: () =>
        ok({
          url: gatewayUrl(),
          shards: 1,
          session_start_limit: { total: 1000, remaining: 1000, reset_after: 86_400_000, max_concurrency: 1 },
        }),
    },
    { ...common, name: 'get-self', path: '/users/@me', run: () => ok(userJson(world.bot)) },
    { ...common, name: 'get-application', path: '/applications/@me', run: () => ok(applicationJson(world)) },
    { ...common, name: 'get-application', path: '/oauth2/applications/@me', run: () => ok(applicationJson(world)) },
    {
      ...common,
      name: 'get-user',
      path: '/users/:userId',
      run: ({ param }) => {
        const user = world.users.get(param('userId'));
        if (user === undefined) throw refuse('unknownUser');
        return ok(userJson(user));
      },
    },
    { ...common, name: 'get-guild', path: '/guilds/:guildId', run: (call) => ok(guildJson(guildOf(call), world.bot)) },
    {
      ...common,
      name: 'get-member',
      path: '/guilds/:guildId/members/:userId',
      run: (call) => {
        const member = guildOf(call).members.get(call.param('userId'));
        if (member === undefined) throw refuse('unknownMember');
        return ok(memberJson(member));
      },
    },
  ];
}

function applicationJson({ bot }: World) {
  const texts = { description: '', summary: '', icon: null, verify_key: '' };
  return { id: bot.id, name: bot.name, ...texts, bot_public: true, bot_require_code_grant: false, flags: 0, bot: userJson(bot) };
}
