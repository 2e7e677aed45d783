import { type Dispatcher, errors, request } from 'undici';
import { createAgent } from '../lib/http/agent.ts';
import { cleanText } from '../lib/text.ts';
import { version } from '../lib/version.ts';
import type { Channel, Delivery } from './delivery.ts';
import { idempotencyKey } from './outgoing.ts';

/** Where a webhook is. The URL is a secret: it is never told. */
export interface WebhookSettings {
  /** Name of the recipient. */
  readonly name: string;
  readonly url: string;
  readonly caPem: string | null;
  readonly insecure: boolean;
  readonly timeoutSeconds: number;
}

const longestReason = 200;
const longestAnswer = 2000;

/** A channel that posts each body as JSON, with a key made of the Message-ID as `Idempotency-Key`. Follows no redirects. */
export function webhookChannel(settings: WebhookSettings): Channel {
  const url = new URL(settings.url);
  const { timeoutSeconds } = settings;
  const dispatcher = createAgent(url.hostname, { ...settings, concurrency: 1 });
  return {
    name: `webhook ${settings.name} (${url.hostname})`,
    async send({ messageId, body }, signal) {
      const patience = AbortSignal.any([signal, AbortSignal.timeout(timeoutSeconds * 1000)]);
      try {
        const answering = request(url, {
          method: 'POST',
          headers: {
            'content-type': 'application/json',
            'user-agent': `pstrace/${version}`,
            'idempotency-key': idempotencyKey(messageId),
          },
          body,
          dispatcher,
          signal: patience,
        }).then(outcomeOf);
        // Behind a proxy that never opens the tunnel undici does not heed the signal.
        return await Promise.race([answering, rejectedBy(patience)]);
      } catch (error) {
        signal.throwIfAborted();
        return refusalOf(error);
      }
    },
    close: () => dispatcher.destroy(),
  };
}

function rejectedBy(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason), { once: true });
  });
}

async function outcomeOf({
  statusCode,
  headers,
  body,
}: Dispatcher.ResponseData): Promise<Delivery> {
  const text = await startOf(body);
  const said = `${statusCode}${text === null ? '' : ` ${text}`}`;
  if (statusCode >= 200 && statusCode < 300) return { outcome: 'accepted', receipt: said };
  const mayPass = statusCode >= 500 || statusCode === 429 || statusCode === 408;
  const wait = Number(headers['retry-after']);
  return {
    outcome: 'refused',
    reason: `the answer is ${said}`,
    lasting: !mayPass,
    down: mayPass,
    waitSeconds: Number.isFinite(wait) && wait > 0 ? wait : null,
  };
}

/** The first characters of an answer, in one line. The rest is not read. */
async function startOf(body: Dispatcher.ResponseData['body']): Promise<string | null> {
  let text = '';
  for await (const chunk of body) {
    text += String(chunk);
    if (text.length >= longestAnswer) break;
  }
  return cleanText(text, longestReason);
}

function refusalOf(error: unknown): Delivery {
  const isOfNetwork =
    error instanceof errors.UndiciError ||
    (error instanceof Error && ('code' in error || error.name === 'TimeoutError'));
  if (!isOfNetwork) throw error;
  const message = error.name === 'TimeoutError' ? 'no answer in time' : error.message;
  const reason = cleanText(message || String((error as NodeJS.ErrnoException).code), longestReason);
  return {
    outcome: 'refused',
    reason: reason ?? '',
    lasting: false,
    down: true,
    waitSeconds: null,
  };
}
