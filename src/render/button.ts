/** A button under a message. What it means stands in its custom id alone, so that it works after any restart. */
export type Button = {
  readonly customId: string;
  readonly label: string;
  readonly style: 'primary' | 'secondary' | 'danger';
  readonly disabled: boolean;
};

const VERSION = 'v1';
const ROUTE = /^v1:[a-z-]+(:[\w-]*)*$/;

/** `v1:<component>:<argument>…`; Discord takes up to 100 characters. */
export function customIdOf(component: string, ...args: readonly (string | number)[]): string {
  return [VERSION, component, ...args].join(':');
}

export type CustomId = { readonly component: string; readonly args: readonly string[] };

/** Null when it is none of ours, or of another version. */
export function parseCustomId(text: string): CustomId | null {
  if (!ROUTE.test(text)) return null;
  const [, component = '', ...args] = text.split(':');
  return { component, args };
}

type Pages = { readonly component: string; readonly args: readonly string[]; readonly page: number; readonly pages: number };

/** `◀ 2/7 ▶`: pages are counted from 1; none where everything is on one page. */
export function pageButtons({ component, args, page, pages }: Pages): readonly Button[] {
  if (pages <= 1) return [];
  const turn = (label: string, to: number): Button => ({
    customId: customIdOf(component, to, ...args),
    label,
    style: 'secondary',
    disabled: to < 1 || to > pages,
  });
  // Custom ids are unique within a message, so that of the middle says what it is and not where it leads.
  const here: Button = { customId: customIdOf(`${component}-here`), label: `${page}/${pages}`, style: 'secondary', disabled: true };
  return [turn('◀', page - 1), here, turn('▶', page + 1)];
}

/** How many pages so many entries fill: at least one, which may be empty. */
export function pagesOf(entries: number, perPage: number): number {
  return Math.max(1, Math.ceil(entries / perPage));
}
