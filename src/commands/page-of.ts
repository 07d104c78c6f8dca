import { Refusal } from '../engine/refusal.ts';
import { pagesOf } from '../render/button.ts';

export type PageSlice = { readonly page: number; readonly pages: number; readonly offset: number; readonly limit: number };

/** The page as it is now: entries come and go while a button waits, so a page behind the end is the last one. */
export function slicePage(wanted: number, total: number, perPage: number): PageSlice {
  const pages = pagesOf(total, perPage);
  const page = Math.min(Math.max(1, wanted), pages);
  return { page, pages, offset: (page - 1) * perPage, limit: perPage };
}

/** The page a button names; custom ids are input like any other. */
export function pageOf(text: string | undefined): number {
  if (text !== undefined && /^\d{1,6}$/.test(text)) return Number(text);
  throw new Refusal(`The button asks for page "${text ?? ''}", which is none; give the command again`);
}
