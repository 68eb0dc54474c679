// The least that can be done with Node: the upstream's bytes, piped.
//
//     BENCH_UPSTREAM=<port> node node_relay.js <port to listen on>
import http from 'node:http';

const upstream = Number(process.env.BENCH_UPSTREAM);
const agent = new http.Agent({ keepAlive: true, maxSockets: Infinity });

const server = http.createServer((request, response) => {
  if (request.url === '/healthz') {
    response.end('ok\n');
    return;
  }
  const headers = { 'content-type': 'application/json' };
  const length = request.headers['content-length'];
  if (length) headers['content-length'] = length;
  const options = { host: '127.0.0.1', port: upstream, path: request.url, method: request.method };
  const passed = http.request({ ...options, headers, agent }, (answer) => {
    response.writeHead(answer.statusCode, { 'content-type': answer.headers['content-type'] });
    answer.pipe(response);
  });
  passed.on('error', () => response.destroy());
  response.on('close', () => passed.destroy());
  request.pipe(passed);
});

server.listen({ port: Number(process.argv[2]), host: '127.0.0.1', backlog: 4096 });
