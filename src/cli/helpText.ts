/** How the operands of `pstrace` are read. */
export const windowHelp = `The last operand is the period when it reads as one: seconds, or 90m, 24h, 7d
(default: from the configuration, else 24h). An archive is asked over https, then http,
unless its URL says which. Relative folders and files on the command line are those of the
working directory; the default html/, var/ and conf/ are in the folder of pstrace.`;

export const examples = `Examples:
  pstrace ma.example.org 86400
      one archive, one day
  pstrace ma1.example.org http://ma2.example.org:8080/esmond/perfsonar/archive 7d
      two archives, a week
  pstrace --ca lab.example.org=/etc/ssl/lab.pem lab.example.org ma.example.org 24h
      one of two has a self-signed certificate
  pstrace --until 2026-03-01T12:00Z ma.example.org 24h
      as it was at noon of that day
  */30 * * * *  /opt/pstrace/bin/pstrace ma.example.org 86400
      a line of the crontab; cron mails only trouble`;

/** What `exitCodes` means, for people. */
export const exitCodeHelp = `Exit codes:
  0    good
  1    nothing usable came back, or state or site cannot be read or written;
       the old pages stay, marked as out of date
  64   wrong usage
  70   a bug in pstrace
  75   finished with problems (some archive or test failed; the pages are written),
       or another run is at work
  78   the configuration is wrong
  130  stopped by SIGINT (Ctrl-C), 143 by SIGTERM; the old pages stay whole`;
