/** A site to copy. */
export interface SiteCopy {
  /** Folder of the site. */
  readonly out: string;
  /** Where to, as rsync names it. */
  readonly target: string;
  /** Folder of the pages within `.site`. */
  readonly release: string;
  /** Its name in the copy. */
  readonly name: string;
}

/**
 * Links and times stay, so that the next copy recognizes unchanged pages, by their nanoseconds: a
 * page may be written twice within a second. Owners become those of the receiving side, so that a
 * web server may check that links and pages have the same one.
 */
const options = ['-rlpt', '--modify-window=-1', '--timeout=120'];

/**
 * The arguments of each call of rsync that copies a site so that its readers see the old pages or
 * the new ones: pages that no link leads to yet, then the link, then deletion. `linkFolder` holds a
 * link `current` to the name of the release in the copy.
 */
export function copySteps(
  { out, target, release, name }: SiteCopy,
  linkFolder: string,
): readonly (readonly string[])[] {
  const [from, to] = [`${out}/`, `${target.replace(/\/*$/, '')}/`];
  return [
    // The links at the top, files of the administrator, and the pictures that releases share.
    [...options, '--include=/.site/routes/***', '--exclude=/.site/*', '--', from, to],
    // Pages that are the same in the current release of the copy become hard links to them.
    [
      ...options,
      '--delete',
      '--link-dest=../current/',
      '--exclude=/.groups.json',
      '--',
      `${from}.site/${release}/`,
      `${to}.site/${name}/`,
    ],
    [...options, '--', `${linkFolder}/current`, `${to}.site/`],
    [
      ...options,
      '--delete',
      '--filter=P /current',
      `--filter=P /${name}`,
      '--include=/routes/***',
      '--filter=H *',
      '--',
      `${from}.site/`,
      `${to}.site/`,
    ],
  ];
}
