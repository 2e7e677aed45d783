/** Output of `mtr --csv`: a run to 203.0.113.9 over one router at each of these times, epoch seconds. */
export function mtrCsv(...times: readonly number[]): string {
  const header =
    'Mtr_Version,Start_Time,Status,Host,Hop,Ip,Loss%,Snt, ,Last,Avg,Best,Wrst,StDev,\n';
  const runs = times.map(
    (time) =>
      `MTR.0.95,${time},OK,203.0.113.9,1,198.51.100.1,0.00,10,0,1.10,1.20,1.00,2.00,0.30\n` +
      `MTR.0.95,${time},OK,203.0.113.9,2,203.0.113.9,10.00,10,1,5.10,5.20,5.00,9.00,0.40\n`,
  );
  return header + runs.join('');
}
