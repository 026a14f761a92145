import { createServer, request, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { Transform } from 'node:stream';

/**
 * Called when enough bytes were sent. gone resolves when the browser has closed the request that
 * sent the last of them.
 */
type Watcher = (gone: Promise<void>) => Promise<void> | void;

/**
 * The connection of one browser, as an HTTP proxy for all its requests. A test can cut it, so that
 * open connections break and new ones fail, and restore it.
 */
export class ConnectionProxy {
  /** The numbers of the parts that the storage has acknowledged, in order. */
  readonly acknowledged: number[] = [];
  private readonly sockets = new Set<Socket>();
  private readonly server: Server;
  private isCut = false;
  private watch: { bytes: number; then: Watcher } | undefined;

  private constructor() {
    this.server = createServer((incoming, outgoing) => this.forward(incoming, outgoing));
    this.server.on('connection', (socket) => {
      if (this.isCut) socket.destroy();
      this.sockets.add(socket);
      socket.on('close', () => this.sockets.delete(socket));
      socket.on('error', () => undefined); // the other end has closed the connection
    });
  }

  static async open(): Promise<ConnectionProxy> {
    const connection = new ConnectionProxy();
    await new Promise<void>((resolve) => connection.server.listen(0, '127.0.0.1', resolve));
    return connection;
  }

  /** The proxy option for the browser. */
  get proxy(): { server: string } {
    return { server: `http://127.0.0.1:${(this.server.address() as AddressInfo).port}` };
  }

  cut(): void {
    this.isCut = true;
    for (const socket of this.sockets) socket.destroy();
  }

  restore(): void {
    this.isCut = false;
  }

  /**
   * Calls then after that many more bytes of files have left the browser, and forwards them when it
   * resolves. Nothing waits for the rest.
   */
  afterSent(bytes: number, then: Watcher): void {
    this.watch = { bytes, then };
  }

  close(): void {
    this.cut();
    this.server.close();
  }

  private forward(incoming: IncomingMessage, outgoing: ServerResponse): void {
    const { method, headers, url = '' } = incoming;
    const part = method === 'PUT' && new URL(url).searchParams.get('partNumber');
    const forwarded = request(url, { method, headers }, (answer) => {
      if (part && answer.statusCode === 200) this.acknowledged.push(Number(part));
      outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(outgoing);
    });
    forwarded.on('error', () => outgoing.destroy());
    outgoing.on('close', () => forwarded.destroy());
    incoming.on('error', () => forwarded.destroy());
    const gone = new Promise<void>((resolve) => outgoing.on('close', resolve));
    if (part) incoming.pipe(this.countingTransform(gone)).pipe(forwarded);
    else incoming.pipe(forwarded);
  }

  private countingTransform(gone: Promise<void>): Transform {
    return new Transform({
      transform: (chunk: Buffer, _, done) => {
        const watch = this.watch;
        if (watch && (watch.bytes -= chunk.length) <= 0) {
          this.watch = undefined;
          void Promise.resolve(watch.then(gone)).then(() => done(null, chunk));
        } else done(null, chunk);
      },
    });
  }
}
