import { type Dispatcher, errors, request } from 'undici';
import { createAgent } from '../../../lib/http/agent.ts';
import { cleanText } from '../../../lib/text.ts';
import { version } from '../../../lib/version.ts';
import { idempotencyKey } from '../../routing/buildNotification.ts';
import type { Channel, SendResult } from '../channel.ts';

/** A webhook. Its URL is a secret: no message or log shows it. */
export interface WebhookSettings {
  /** Name of the recipient. */
  readonly name: string;
  readonly url: string;
  readonly caPem: string | null;
  readonly insecure: boolean;
  readonly timeoutSeconds: number;
}

const maxReasonLength = 200;
const maxResponseLength = 2000;

/**
 * A channel that posts each body as JSON, with an `Idempotency-Key` derived from the Message-ID. It
 * follows no redirects.
 */
export function webhookChannel(settings: WebhookSettings): Channel {
  const url = new URL(settings.url);
  const { timeoutSeconds } = settings;
  const dispatcher = createAgent(url.hostname, { ...settings, concurrency: 1 });
  return {
    name: `webhook ${settings.name} (${url.hostname})`,
    async send({ messageId, body }, signal) {
      const deadline = AbortSignal.any([signal, AbortSignal.timeout(timeoutSeconds * 1000)]);
      try {
        const sending = request(url, {
          method: 'POST',
          headers: {
            'content-type': 'application/json',
            'user-agent': `pstrace/${version}`,
            'idempotency-key': idempotencyKey(messageId),
          },
          body,
          dispatcher,
          signal: deadline,
        }).then(toSendResult);
        // undici ignores the signal behind a proxy that never opens the tunnel.
        return await Promise.race([sending, rejectOnAbort(deadline)]);
      } catch (error) {
        signal.throwIfAborted();
        return toRejection(error);
      }
    },
    close: () => dispatcher.destroy(),
  };
}

function rejectOnAbort(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason), { once: true });
  });
}

async function toSendResult({
  statusCode,
  headers,
  body,
}: Dispatcher.ResponseData): Promise<SendResult> {
  const text = await readStart(body);
  const summary = `${statusCode}${text === null ? '' : ` ${text}`}`;
  if (statusCode >= 200 && statusCode < 300) return { outcome: 'accepted', receipt: summary };
  const isTransient = statusCode >= 500 || statusCode === 429 || statusCode === 408;
  const retryAfter = Number(headers['retry-after']);
  return {
    outcome: 'rejected',
    reason: `HTTP status ${summary}`,
    isPermanent: !isTransient,
    isChannelDown: isTransient,
    retryAfterSeconds: Number.isFinite(retryAfter) && retryAfter > 0 ? retryAfter : null,
  };
}

/** The start of a response as one line; the rest is not read. */
async function readStart(body: Dispatcher.ResponseData['body']): Promise<string | null> {
  let text = '';
  for await (const chunk of body) {
    text += String(chunk);
    if (text.length >= maxResponseLength) break;
  }
  return cleanText(text, maxReasonLength);
}

function toRejection(error: unknown): SendResult {
  const isNetworkError =
    error instanceof errors.UndiciError ||
    (error instanceof Error && ('code' in error || error.name === 'TimeoutError'));
  if (!isNetworkError) throw error;
  const message = error.name === 'TimeoutError' ? 'no response in time' : error.message;
  const reason = cleanText(
    message || String((error as NodeJS.ErrnoException).code),
    maxReasonLength,
  );
  return {
    outcome: 'rejected',
    reason: reason ?? '',
    isPermanent: false,
    isChannelDown: true,
    retryAfterSeconds: null,
  };
}
