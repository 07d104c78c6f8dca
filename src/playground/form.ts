import { z } from 'zod';
import { ApiError, type FormErrors, refuse } from './api-error.ts';

/** Parses a request body; what does not fit becomes Discord's "Invalid Form Body" with the path of each field. */
export function parseForm<T>(schema: z.ZodType<T>, body: unknown): T {
  const parsed = schema.safeParse(body, { reportInput: true });
  if (parsed.success) return parsed.data;
  throw invalidForm(parsed.error.issues.map((issue) => ({ ...complain(issue), path: locate(issue) })));
}

export type FormIssue = { readonly path: readonly PropertyKey[]; readonly code: string; readonly message: string };

export function invalidForm(issues: readonly FormIssue[]): ApiError {
  const errors: FormErrors = {};
  for (const { path, code, message } of issues) {
    let node: FormErrors = errors;
    for (const key of path) {
      const below = node[String(key)];
      const child: FormErrors = isBranch(below) ? below : {};
      node[String(key)] = child;
      node = child;
    }
    const earlier = node._errors;
    node._errors = [...(Array.isArray(earlier) ? earlier : []), { code, message }];
  }
  return refuse('invalidForm', { errors });
}

/** Complaints about what stands in a field of the body, seen from the body. */
export function within<T>(field: string, run: () => T): T {
  try {
    return run();
  } catch (error) {
    if (!(error instanceof ApiError) || error.details.errors === undefined) throw error;
    throw Object.assign(refuse('invalidForm', { errors: { [field]: error.details.errors } }), { cause: error });
  }
}

function isBranch(node: FormErrors[string] | undefined): node is FormErrors {
  return node !== undefined && !Array.isArray(node);
}

/** Reports an issue from inside a zod check in Discord's vocabulary. */
export function addIssue(context: z.core.$RefinementCtx, { path, code, message }: FormIssue): void {
  context.addIssue({ code: 'custom', path: [...path], params: { code }, message });
}

/** Text of a bounded length; Discord trims both ends first, so blanks alone count as nothing. */
export function text(meaning: string, { min = 0, max }: { readonly min?: number; readonly max: number }) {
  return z
    .string()
    .trim()
    .superRefine((value, context) => {
      if (min > 0 && value.length === 0) addIssue(context, REQUIRED);
      else if (value.length < min || value.length > max) addIssue(context, wrongLength(min, max));
    })
    .describe(`${meaning}; characters, ${min}–${max}`);
}

export function list<T extends z.ZodType>(meaning: string, item: T, { min = 0, max }: { readonly min?: number; readonly max: number }) {
  return z
    .array(item)
    .superRefine((items, context) => {
      if (items.length < min || items.length > max) addIssue(context, wrongLength(min, max));
    })
    .describe(`${meaning}; entries, ${min}–${max}`);
}

export const REQUIRED: FormIssue = { path: [], code: 'BASE_TYPE_REQUIRED', message: 'This field is required' };

function wrongLength(min: number, max: number): FormIssue {
  return min === 0
    ? { path: [], code: 'BASE_TYPE_MAX_LENGTH', message: `Must be ${max} or fewer in length.` }
    : { path: [], code: 'BASE_TYPE_BAD_LENGTH', message: `Must be between ${min} and ${max} in length.` };
}

const CONVERSIONS: Readonly<Record<string, readonly [code: string, message: string]>> = {
  string: ['STRING_TYPE_CONVERT', 'Could not interpret the value as string.'],
  number: ['NUMBER_TYPE_COERCE', 'The value is not float.'],
  int: ['NUMBER_TYPE_COERCE', 'The value is not int.'],
  boolean: ['BOOLEAN_TYPE_CONVERT', 'Must be either true or false.'],
  array: ['LIST_TYPE_CONVERT', 'Only iterables may be used in a ListType'],
  object: ['MODEL_TYPE_CONVERT', 'Only dictionaries may be used in a ModelType'],
};

/** A thing of an unknown kind is wrong as a whole, not in the field that names its kind. */
function locate(issue: z.core.$ZodIssue): FormIssue['path'] {
  return issue.code === 'invalid_union' && issue.discriminator !== undefined ? issue.path.slice(0, -1) : issue.path;
}

function complain(issue: z.core.$ZodIssue): Omit<FormIssue, 'path'> {
  if (issue.code === 'custom') return { code: String(issue.params?.code ?? 'BASE_TYPE_INVALID'), message: issue.message };
  if (issue.input === undefined || issue.input === null) return REQUIRED;
  switch (issue.code) {
    case 'invalid_type': {
      const [code, message] = CONVERSIONS[issue.expected] ?? ['BASE_TYPE_INVALID', issue.message];
      return { code, message };
    }
    case 'too_big':
      return { code: 'NUMBER_TYPE_MAX', message: `The value should be less than or equal to ${issue.maximum}.` };
    case 'too_small':
      return { code: 'NUMBER_TYPE_MIN', message: `The value should be greater than or equal to ${issue.minimum}.` };
    case 'invalid_format':
      return { code: 'STRING_TYPE_REGEX', message: 'String value did not match validation regex.' };
    case 'invalid_value':
      return { code: 'BASE_TYPE_CHOICES', message: `Value must be one of {${issue.values.map(String).join(', ')}}.` };
    case 'invalid_union':
      return { code: 'UNION_TYPE_CHOICES', message: describeUnion(issue) };
    default:
      return { code: 'BASE_TYPE_INVALID', message: issue.message };
  }
}

function describeUnion({ discriminator, path, ...issue }: z.core.$ZodIssueInvalidUnion): string {
  if (discriminator === undefined) return `Value of field "${String(path.at(-1))}" is not one of the allowed choices.`;
  const kinds = 'options' in issue ? (issue.options ?? []) : [];
  // Discord prints a Python tuple; of one kind, "(4,)".
  return `Value of field "${discriminator}" must be one of (${kinds.map(String).join(', ')}${kinds.length === 1 ? ',' : ''}).`;
}
