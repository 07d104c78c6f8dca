import { DefaultRestOptions, type RESTOptions } from 'discord.js';

type MakeRequest = RESTOptions['makeRequest'];

/**
 * discord.js's way to send, with files made into bytes before. Node goes on writing a form whose request was aborted, or ran out of time, and the
 * error of that belongs to no promise: it would end the process.
 */
export const sendWhole: MakeRequest = async (url, init) => DefaultRestOptions.makeRequest(url, await asBytes(init));

type Init = Parameters<MakeRequest>[1];

async function asBytes(init: Init): Promise<Init> {
  if (!(init.body instanceof FormData)) return init;
  const form = new Response(init.body);
  const body = new Uint8Array(await form.arrayBuffer());
  return { ...init, body, headers: { ...init.headers, 'content-type': form.headers.get('content-type') ?? '' } };
}
