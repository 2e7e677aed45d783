import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openStore } from '../../../src/store/open.ts';
import { fakeMtr } from '../../helpers/fakeMtr.ts';
import { fakeProgram } from '../../helpers/fakeProgram.ts';
import { codeBlocksIn, sectionOf } from '../../helpers/markdown.ts';
import { tempDir } from '../../helpers/tempDir.ts';
import { now } from '../pipeline/mesh.ts';
import { pages, place, pstrace, start } from './command.ts';

const guide = readFileSync(join(import.meta.dirname, '../../../docs/migration.md'), 'utf8');

/** The steps of moving over from a program, and the words of each `pstrace` in their command. */
function movingOverFrom(program: string) {
  const section = sectionOf(guide, program);
  const steps = section.split('\n').filter((line) => /^\d+\. /.test(line));
  const [command = ''] = codeBlocksIn(section, 'sh');
  const commands = command
    .trim()
    .split(' && ')
    .map((each) => each.split(' '));
  expect(commands.every(([first]) => first === '/opt/pstrace/bin/pstrace')).toBe(true);
  return { steps, commands: commands.map(([, ...words]) => words) };
}

/** A place with stand-ins for mtr and ping, and a file with what its user had. */
function placeWith(text: string) {
  const folder = tempDir();
  const [mtr, ping] = [fakeMtr(folder), fakeProgram(folder, 'ping')];
  const file = join(folder, 'old');
  writeFileSync(file, text);
  const commands = `command = "${mtr.command}"\nping = "${ping.command}"\n`;
  const here = place(`[mtr]\n${commands}source = "probe.example.org"\n[dns]\nnames = "off"\n`);
  /** The words of a command with the file of this place in the place of the old one. */
  const words = (own: readonly string[]) =>
    own.map((word) => (/^\/(home|var)\//.test(word) ? file : word));
  return { ...here, words };
}

test('who comes from Pathmon keeps the list of targets, and has a site with drawings after two commands', async () => {
  const { steps, commands } = movingOverFrom('Pathmon');
  expect(steps.length).toBeGreaterThan(0);
  expect(steps.length).toBeLessThanOrEqual(5);
  const here = placeWith('203.0.113.9\n203.0.113.10\n\n2001:db8::7\n');
  const [measure = [], show = []] = commands;
  const measured = await pstrace(...here.words(measure), ...here.options.slice(2));
  expect(measured).toEqual({ code: 0, stdout: '', stderr: '' });
  expect((await pstrace(...here.words(show), ...here.options)).code).toBe(0);
  const site = pages(here.out);
  for (const target of ['203.0.113.9', '203.0.113.10', '2001:db8::7'])
    expect(site.get('index.html')).toContain(target);
  const drawings = [...site.keys()].filter((path) => /^routes\/.*\.svg$/.test(path));
  expect(drawings).toHaveLength(3);
});

test('who comes from connvitals-monitor keeps its file, and finds every statistic on stdout', async () => {
  const { steps, commands } = movingOverFrom('connvitals-monitor');
  expect(steps.length).toBeGreaterThan(0);
  expect(steps.length).toBeLessThanOrEqual(5);
  const here = placeWith(
    'localhost ping=0 scan=500\n203.0.113.9 TRACE=5000 ping=500 Hops=40 numpings=2 json=True scan=60000\n203.0.113.10 ping=50 payload=41\n',
  );
  const [words = []] = commands;
  const [options, operands] = [words.slice(0, -2), here.words(words.slice(-2))];
  const running = start([...options, ...here.options.slice(2), ...operands]);
  await running.printed(/"addr":"203.0.113.9","name":"203.0.113.9","timestamp":\d+\.\d+,"trace":/);
  await running.printed(/"addr":"203.0.113.9",.*"ping":\{"min":/);
  await running.printed(/^localhost \S+\n.*\d{4}\n\S+.*\t\S+.*\t\S+/m);
  await running.printed(/^203\.0\.113\.10\n.*\d{4}\n(\d+\.\d{3}\t?){5}$/m);
  running.process.kill('SIGTERM');
  const { code, stderr } = await running.ended;
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  const store = openStore(here.state, now, 'read');
  expect(store.tests().map(({ destination }) => destination.name)).toEqual(['203.0.113.9']);
  store.close();
});
