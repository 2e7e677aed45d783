import { type Dispatcher, request } from 'undici';
import { createAgent } from '../../../lib/http/agent.ts';
import { connectionFailure } from '../../../lib/http/connectionFailure.ts';
import { version } from '../../../lib/version.ts';
import { type ForeignText, foreignText } from '../../../model/run/foreignText.ts';
import { idempotencyKey } from '../../routing/buildNotification.ts';
import type { Channel, SendResult } from '../channel.ts';

/** A webhook. Its URL is a secret: no message or log shows it. */
export interface WebhookSettings {
  /** Name of the recipient. */
  readonly name: string;
  readonly url: string;
  /** More headers, such as Authorization; their values are secrets. */
  readonly headers: Readonly<Record<string, string>>;
  /** A secret that is added to each body, for PagerDuty; null: none. */
  readonly routingKey: string | null;
  readonly caPem: string | null;
  readonly insecure: boolean;
  readonly timeoutSeconds: number;
}

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
    id: `webhook ${settings.name}`,
    name: `webhook ${settings.name}`,
    async send({ messageId, body }, signal) {
      const deadline = AbortSignal.any([signal, AbortSignal.timeout(timeoutSeconds * 1000)]);
      try {
        const sending = request(url, {
          method: 'POST',
          headers: {
            ...settings.headers,
            'content-type': 'application/json',
            'user-agent': `pstrace/${version}`,
            'idempotency-key': idempotencyKey(messageId),
          },
          body: withRoutingKey(body, settings.routingKey),
          dispatcher,
          signal: deadline,
        }).then(toSendResult);
        // undici ignores the signal behind a proxy that never opens the tunnel.
        return await Promise.race([sending, rejectOnAbort(deadline)]);
      } catch (error) {
        signal.throwIfAborted();
        return toRejection(error, url.host, timeoutSeconds);
      }
    },
    close: () => dispatcher.destroy(),
  };
}

/** The outbox must not contain the key. */
function withRoutingKey(body: string, routingKey: string | null): string {
  if (routingKey === null) return body;
  return JSON.stringify({ routing_key: routingKey, ...(JSON.parse(body) as object) });
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
  const words = await readStart(body);
  if (statusCode >= 200 && statusCode < 300) return { outcome: 'accepted', receipt: words };
  const isTransient = statusCode >= 500 || statusCode === 429 || statusCode === 408;
  const retryAfter = Number(headers['retry-after']);
  return {
    outcome: 'rejected',
    reason: `the server responded with HTTP status ${statusCode}`,
    detail: words,
    isPermanent: !isTransient,
    isChannelDown: isTransient,
    retryAfterSeconds: Number.isFinite(retryAfter) && retryAfter > 0 ? retryAfter : null,
  };
}

/** The start of a response; the rest is not read. */
async function readStart(body: Dispatcher.ResponseData['body']): Promise<ForeignText | null> {
  let text = '';
  for await (const chunk of body) {
    text += String(chunk);
    if (text.length >= maxResponseLength) break;
  }
  return foreignText(text);
}

/** Maps a failure of the connection to a rejection; rethrows bugs. */
function toRejection(error: unknown, host: string, timeoutSeconds: number): SendResult {
  const failure = connectionFailure(error, host, timeoutSeconds);
  if (failure === null) throw error;
  return {
    outcome: 'rejected',
    reason: failure.message.replace(/\.$/, '').replaceAll(host, 'the server'),
    detail: failure.detail ?? null,
    isPermanent: false,
    isChannelDown: true,
    retryAfterSeconds: null,
  };
}
