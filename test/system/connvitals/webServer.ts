/** A web server on port 80 with a name. It keeps connections open, as the original expects. */
import { createServer } from 'node:http';

const server = createServer((_, response) => {
  response.setHeader('Server', 'comparison/1.0');
  response.end();
});
server.keepAliveTimeout = 60_000;
server.listen(80, () => process.stdout.write('ready\n'));
