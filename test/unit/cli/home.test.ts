import { expect, test } from 'vitest';
import { homeOf } from '../../../src/cli/home.ts';

const installed = '/usr/local/lib/node_modules/pstrace';
const nothing = () => false;

test('a checkout is its own home', () => {
  expect(homeOf('/opt/pstrace', { HOME: '/home/ada' }, () => true)).toEqual({
    folder: '/opt/pstrace',
    configuration: '/opt/pstrace/conf/pstrace.toml',
  });
});

test('an installed package has its home with the user', () => {
  expect(homeOf(installed, { HOME: '/home/ada' }, nothing)).toEqual({
    folder: '/home/ada/.local/share/pstrace',
    configuration: '/home/ada/.local/share/pstrace/conf/pstrace.toml',
  });
  expect(homeOf(installed, { HOME: '/home/ada', XDG_DATA_HOME: '/data' }, nothing)).toMatchObject({
    folder: '/data/pstrace',
  });
  expect(homeOf(installed, {}, nothing).folder).toMatch(/^\/.*\.local\/share\/pstrace$/);
});

test('or where the administrator of the host has made room', () => {
  expect(homeOf(installed, {}, (path) => path === '/var/lib/pstrace')).toEqual({
    folder: '/var/lib/pstrace',
    configuration: '/var/lib/pstrace/conf/pstrace.toml',
  });
  expect(homeOf(installed, { HOME: '/home/ada' }, (path) => path.startsWith('/etc/'))).toEqual({
    folder: '/home/ada/.local/share/pstrace',
    configuration: '/etc/pstrace/pstrace.toml',
  });
});
