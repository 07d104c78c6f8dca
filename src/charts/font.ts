import { createRequire } from 'node:module';
import { GlobalFonts } from '@napi-rs/canvas';

/** The family every chart is drawn in. It comes with the packages, so a machine without any font draws the same picture. */
export const FONT_FAMILY = 'Inter';

const FONT_FILES = ['500Medium/Inter_500Medium.ttf', '700Bold/Inter_700Bold.ttf'];

/** Makes the bundled font known to every canvas of this process. */
export function registerFont(): void {
  const require = createRequire(import.meta.url);
  for (const file of FONT_FILES) {
    const path = require.resolve(`@expo-google-fonts/inter/${file}`);
    if (GlobalFonts.registerFromPath(path, FONT_FAMILY) === null)
      throw new Error(`The font file "${file}" cannot be read; reinstall the packages.`);
  }
}
