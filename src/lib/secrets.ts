/** Finds secrets in texts of other parties, which like to quote what they were sent. */
export interface SecretFilter {
  /** Adds a secret. Those of fewer than `minSecretLength` characters are words like any other. */
  add(secret: string): void;
  /** The text with every secret, in any usual notation, replaced by `[secret]`. */
  strike(text: string): string;
}

const minSecretLength = 4;
const replacement = '[secret]';

/** Creates a filter without secrets. */
export function createSecretFilter(): SecretFilter {
  const plain = new Set<string>();
  const encoded = new Set<string>();
  let plainPattern: RegExp | null = null;
  let encodedPattern: RegExp | null = null;
  return {
    add(secret) {
      if (secret.length < minSecretLength) return;
      for (const form of plainForms(secret)) plain.add(form);
      for (const form of base64Forms(Buffer.from(secret))) encoded.add(form);
      plainPattern = anyOf(plain, 'gi');
      encodedPattern = anyOf(encoded, 'g');
    },
    strike(text) {
      if (plainPattern === null || encodedPattern === null) return text;
      return strikeWords(text.replace(plainPattern, replacement), encodedPattern);
    },
  };
}

/** A pattern of the forms, the longest first. */
function anyOf(forms: ReadonlySet<string>, flags: string): RegExp {
  const byLength = [...forms].sort((a, b) => b.length - a.length);
  return new RegExp(byLength.map((form) => RegExp.escape(form)).join('|'), flags);
}

/** The secret as text: as it is, and escaped for JSON, HTML and URLs. */
function plainForms(secret: string): string[] {
  const bytes = [...Buffer.from(secret)];
  const percent = (isKept: (character: string) => boolean) =>
    bytes
      .map((byte) => {
        const character = String.fromCharCode(byte);
        return isKept(character) ? character : `%${byte.toString(16).padStart(2, '0')}`;
      })
      .join('');
  const strict = percent((character) => /[\w.~-]/.test(character));
  const html = secret.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
  return [
    secret,
    JSON.stringify(secret).slice(1, -1),
    html,
    html.replaceAll('"', '&quot;').replaceAll("'", '&#39;'),
    encodeURI(secret.toWellFormed()),
    encodeURIComponent(secret.toWellFormed()),
    strict,
    strict.replaceAll('%20', '+'),
    percent(() => false),
    Buffer.from(bytes).toString('hex'),
  ];
}

const bitsPerByte = 8;
const bitsPerDigit = 6;
/** Bytes that fill whole digits. */
const bytesPerGroup = 3;

/**
 * The digits of Base64 that the secret alone determines, wherever it stands in the encoded bytes:
 * `AUTH PLAIN` has the user in front of the password.
 */
function base64Forms(secret: Buffer): string[] {
  return Array.from({ length: bytesPerGroup }, (_, before) => {
    const digits = Buffer.concat([Buffer.alloc(before), secret]).toString('base64');
    const from = Math.ceil((before * bitsPerByte) / bitsPerDigit);
    const to = Math.floor(((before + secret.length) * bitsPerByte) / bitsPerDigit);
    return digits.slice(from, to);
  }).flatMap((digits) => [digits, digits.replaceAll('+', '-').replaceAll('/', '_')]);
}

/** Replaces the whole words of Base64 around each match: their ends are parts of the secret too. */
function strikeWords(text: string, pattern: RegExp): string {
  let result = '';
  let end = 0;
  for (const { index, 0: match } of text.matchAll(pattern)) {
    if (index < end) continue;
    let from = index;
    while (from > end && isDigit(text.charAt(from - 1))) from -= 1;
    let to = index + match.length;
    while (to < text.length && isDigit(text.charAt(to))) to += 1;
    result += `${text.slice(end, from)}${replacement}`;
    end = to;
  }
  return result + text.slice(end);
}

function isDigit(character: string): boolean {
  return /[\w+/=-]/.test(character);
}

/** Shorter parts of a path are words such as `services`. */
const minPartLength = 8;

/**
 * The secret parts of a URL whose path or query is one, as those of webhooks: a server may quote
 * the URL, its path, or one part of it.
 */
export function secretsOfUrl(href: string): string[] {
  const url = URL.parse(href);
  if (url === null) return [href];
  const path = `${url.pathname}${url.search}`;
  const parts = [...url.pathname.split('/'), ...url.searchParams.values()];
  const isSecret = (part: string) => part.length >= minPartLength && !/^[a-z-]+$/.test(part);
  return [
    href,
    ...(path.length >= minPartLength ? [path, url.pathname] : []),
    ...parts.filter(isSecret),
    url.username,
    url.password,
  ];
}
