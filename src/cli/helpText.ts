/** How `pstrace` reads its operands. */
export const windowHelp = `The last operand is the window if it reads as one: seconds, or 90m, 24h, 7d (default: from the
configuration, else 24h). pstrace tries https first, then http, unless the URL of an archive says
which. Relative paths on the command line start at the working directory; the default html/, var/
and conf/ are in the folder of pstrace.`;

export const examples = `Examples:
  pstrace ma.example.org 86400
      one archive, one day
  pstrace ma1.example.org http://ma2.example.org:8080/esmond/perfsonar/archive 7d
      two archives, one week
  pstrace --ca lab.example.org=/etc/ssl/lab.pem lab.example.org ma.example.org 24h
      two archives; one has a self-signed certificate
  pstrace --until 2026-03-01T12:00Z ma.example.org 24h
      the 24 hours before noon of that day
  */30 * * * *  /opt/pstrace/bin/pstrace ma.example.org 86400
      a line of the crontab; cron mails only errors and warnings`;

/** The meaning of `exitCodes`, for people. */
export const exitCodeHelp = `Exit codes:
  0    success
  1    no usable results, or pstrace cannot read or write the state or the site; the old pages
       remain, marked as out of date
  64   wrong usage
  70   a bug in pstrace
  75   partial success (an archive or test failed; the pages are written), or another run holds
       the lock
  78   wrong configuration, or packages missing or outdated
  130  stopped by SIGINT (Ctrl-C), 143 by SIGTERM; the old pages remain`;
