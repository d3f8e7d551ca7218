/** Takes the alert e-mails that Grafana sends, keeps each as files, and says that it came. No mail leaves the machine. */
import { writeFileSync } from 'node:fs';
import { once } from 'node:events';
import { join } from 'node:path';
import { simpleParser } from 'mailparser';
import { SMTPServer, type SMTPServerDataStream } from 'smtp-server';
import { HOST } from './ports.ts';

/** A mail as it was caught. */
export interface CaughtMail {
  readonly to: string;
  readonly subject: string;
  /** Its text in a file of the mail folder; the HTML part and the raw mail lie beside it. */
  readonly file: string;
}

/** A running mail catcher. */
export interface MailCatcher {
  close(): Promise<void>;
}

/** Listens for SMTP on loopback, without accounts or encryption. */
export async function startMailCatcher(
  port: number,
  folder: string,
  onMail: (mail: CaughtMail) => void,
  onError: (error: Error) => void,
): Promise<MailCatcher> {
  // The start time in the name, so that a second run on the same folder overwrites nothing.
  const run = new Date().toISOString().replaceAll(/\D/g, '').slice(0, 14);
  let count = 0;
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS', 'AUTH'],
    disableReverseLookup: true,
    onData: (stream, _session, done) => {
      const name = join(folder, `${run}-${String(++count).padStart(4, '0')}`);
      keepMail(stream, name).then(
        (mail) => {
          onMail(mail);
          done();
        },
        (error: Error) => done(error),
      );
    },
  });
  server.on('error', onError);
  server.listen(port, HOST);
  await once(server.server, 'listening');
  return { close: () => new Promise((resolve) => server.close(() => resolve())) };
}

async function keepMail(stream: SMTPServerDataStream, name: string): Promise<CaughtMail> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk as Buffer);
  const raw = Buffer.concat(chunks);
  const parsed = await simpleParser(raw);
  writeFileSync(`${name}.eml`, raw);
  if (parsed.html) writeFileSync(`${name}.html`, parsed.html);
  const file = `${name}.txt`;
  writeFileSync(file, parsed.text ?? '');
  const to = [parsed.to ?? []].flat().map((address) => address.text);
  return { to: to.join(', '), subject: parsed.subject ?? '(no subject)', file };
}
