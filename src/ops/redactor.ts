const REDACTED = '[redacted]';

/** Shorter values are left in texts: hiding every "a" would hide the texts. */
const MIN_SECRET_CHARACTERS = 4;

const SECRET_NAME = /token|secret|passw|credential|authorization|cookie|api_?key|private_?key|(database|redis)_?url/i;

/** What is secret by its form, whoever made it. */
const SECRET_FORMS: readonly (readonly [form: RegExp, shown: string])[] = [
  // The user and password of an address.
  [/\b([a-z][a-z0-9+.-]*:\/\/)[^\s/'"<>]*@/gi, `$1${REDACTED}@`],
  [/\b((?:webhooks|interactions)\/\d+\/)[\w.~-]+/g, `$1${REDACTED}`],
  [/\b(Bot|Bearer|Basic) +[\w.~+/=-]{16,}/g, `$1 ${REDACTED}`],
  // A key of a language model.
  [/\bsk-[\w-]{16,}/g, REDACTED],
  // A token of a Discord bot, and one of an interaction: its begin is "interaction:" in base64.
  [/\b[\w-]{20,}\.[\w-]{6,7}\.[\w-]{27,}/g, REDACTED],
  [/\baW50ZXJhY3Rpb246[\w-]*/g, REDACTED],
];

export type Redactor = {
  /** From now on these values are hidden, and the passwords inside them where they are addresses. */
  readonly hide: (...secrets: readonly string[]) => void;
  readonly redactText: (text: string) => string;
  /** Whether what has this name is secret whatever it is. */
  readonly isSecretName: (name: string) => boolean;
  readonly redacted: string;
};

/** Takes secrets out of texts: the known ones wherever they stand, unknown ones by their form. */
export function createRedactor(secrets: readonly string[]): Redactor {
  const hidden = new Set<string>();
  let longestFirst: readonly string[] = [];
  const hide = (...more: readonly string[]) => {
    for (const spelling of more.flatMap(secretsIn).flatMap(spellingsOf)) {
      if (spelling.length >= MIN_SECRET_CHARACTERS) hidden.add(spelling);
    }
    // An address goes before the password in it, which would leave its halves.
    longestFirst = [...hidden].sort((one, other) => other.length - one.length);
  };
  hide(...secrets);

  return {
    hide,
    redactText: (text) => {
      const known = longestFirst.reduce((rest, secret) => rest.replaceAll(secret, REDACTED), text);
      return SECRET_FORMS.reduce((rest, [form, shown]) => rest.replace(form, shown), known);
    },
    isSecretName: (name) => SECRET_NAME.test(name),
    redacted: REDACTED,
  };
}

function secretsIn(secret: string): readonly string[] {
  if (!URL.canParse(secret)) return [secret];
  const { password, searchParams } = new URL(secret);
  const fromQuery = [...searchParams].filter(([name]) => SECRET_NAME.test(name)).map(([, value]) => value);
  return [secret, password, ...fromQuery];
}

/** As it was given, as an address and as JSON spell it. */
function spellingsOf(secret: string): readonly string[] {
  const plain = decode(secret);
  return [secret, plain].flatMap((text) => [text, encodeURIComponent(text), JSON.stringify(text).slice(1, -1)]);
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    // A percent sign that encodes nothing is part of the secret itself.
    return text;
  }
}
