import type { IncomingMessage } from 'node:http';
import { refuse } from './api-error.ts';
import type { UploadedFile } from './attachments.ts';
import { LIMITS } from './limits.ts';

export type Body = { readonly json: unknown; readonly files: readonly UploadedFile[] };

/** Reads a request as JSON, or as a form of `payload_json` and `files[n]`. */
export async function readBody(request: IncomingMessage): Promise<Body> {
  const bytes = await readBytes(request);
  if (bytes.byteLength === 0) return { json: undefined, files: [] };
  const type = request.headers['content-type'] ?? '';
  if (!type.startsWith('multipart/form-data')) return { json: parseJson(bytes.toString('utf8')), files: [] };

  const form = await parseMultipart(bytes, type);
  const payload = form.get('payload_json');
  const uploads = [...form].flatMap(([field, value]) => (typeof value === 'string' ? [] : [{ field, value }]));
  return {
    json: typeof payload === 'string' ? parseJson(payload) : {},
    files: await Promise.all(uploads.map(({ field, value }, position) => readFile(field, value, position))),
  };
}

async function parseMultipart(bytes: Buffer, type: string): Promise<FormData> {
  try {
    return await new Response(new Uint8Array(bytes), { headers: { 'content-type': type } }).formData();
  } catch (error) {
    throw Object.assign(refuse('invalidForm'), { cause: error });
  }
}

async function readFile(field: string, file: File, position: number): Promise<UploadedFile> {
  const index = /^files\[(\d+)\]$/.exec(field)?.[1];
  return {
    index: index === undefined ? position : Number(index),
    name: file.name,
    bytes: new Uint8Array(await file.arrayBuffer()),
    contentType: file.type === '' ? 'application/octet-stream' : file.type,
  };
}

async function readBytes(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request) {
    const bytes = Buffer.from(chunk);
    size += bytes.byteLength;
    // The rest is read and thrown away, so that the client hears the refusal instead of a broken pipe.
    if (size <= LIMITS.requestBytes) chunks.push(bytes);
  }
  if (size > LIMITS.requestBytes) throw refuse('tooLarge');
  return Buffer.concat(chunks);
}

function parseJson(source: string): unknown {
  try {
    return JSON.parse(source);
  } catch (error) {
    throw Object.assign(refuse('invalidJson'), { cause: error });
  }
}
