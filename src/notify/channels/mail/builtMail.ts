import type { SentMessageInfo, Transport } from 'nodemailer';

type MailMessage = Parameters<Transport['send']>[0];

/** Passes the bytes of a mail on, and returns the response; throws if it is not taken. */
type PassMail = (bytes: Buffer, mail: MailMessage) => Promise<string>;

/** A transport of nodemailer that builds each mail and passes it on as a whole. */
export function builtMailTransport(name: string, pass: PassMail): Transport<SentMessageInfo> {
  return {
    name,
    version: '1',
    send(mail, callback) {
      const { message } = mail;
      message.build((error, bytes) => {
        if (error) {
          callback(error, undefined);
          return;
        }
        pass(bytes, mail).then(
          (response) =>
            callback(null, {
              envelope: message.getEnvelope(),
              messageId: message.messageId(),
              response,
            }),
          (failure) => callback(failure, undefined),
        );
      });
    },
  };
}
