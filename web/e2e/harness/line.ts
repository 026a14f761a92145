import { createServer, request as ask, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { Transform } from 'node:stream';

/** What is called when enough was sent. gone is when the browser has given up the request that sent the last of it. */
type Watcher = (gone: Promise<void>) => Promise<void> | void;

/**
 * The connection between one browser and everything else, as an HTTP proxy that the browser is told to use. A test can cut it,
 * so that what was under way breaks off and nothing new gets through, and mend it.
 */
export class Line {
  /** The numbers of the parts of files that the storage has acknowledged, in their order. */
  readonly acknowledged: number[] = [];
  private readonly sockets = new Set<Socket>();
  private readonly server: Server;
  private isCut = false;
  private watched: { bytes: number; then: Watcher } | undefined;

  private constructor() {
    this.server = createServer((incoming, outgoing) => this.pass(incoming, outgoing));
    this.server.on('connection', (socket) => {
      if (this.isCut) socket.destroy();
      this.sockets.add(socket);
      socket.on('close', () => this.sockets.delete(socket));
      socket.on('error', () => undefined); // the other end went away
    });
  }

  static async open(): Promise<Line> {
    const line = new Line();
    await new Promise<void>((resolve) => line.server.listen(0, '127.0.0.1', resolve));
    return line;
  }

  /** What a browser's options are to say. */
  get proxy(): { server: string } {
    return { server: `http://127.0.0.1:${(this.server.address() as AddressInfo).port}` };
  }

  cut(): void {
    this.isCut = true;
    for (const socket of this.sockets) socket.destroy();
  }

  mend(): void {
    this.isCut = false;
  }

  /** Calls back when so many more bytes of files have left the browser; they go on when it is done. Nothing waits for the rest. */
  afterSent(bytes: number, then: Watcher): void {
    this.watched = { bytes, then };
  }

  close(): void {
    this.cut();
    this.server.close();
  }

  private pass(incoming: IncomingMessage, outgoing: ServerResponse): void {
    const { method, headers, url = '' } = incoming;
    const part = method === 'PUT' && new URL(url).searchParams.get('partNumber');
    const onward = ask(url, { method, headers }, (answer) => {
      if (part && answer.statusCode === 200) this.acknowledged.push(Number(part));
      outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(outgoing);
    });
    onward.on('error', () => outgoing.destroy());
    outgoing.on('close', () => onward.destroy());
    incoming.on('error', () => onward.destroy());
    const gone = new Promise<void>((resolve) => outgoing.on('close', resolve));
    if (part) incoming.pipe(this.counter(gone)).pipe(onward);
    else incoming.pipe(onward);
  }

  private counter(gone: Promise<void>): Transform {
    return new Transform({
      transform: (chunk: Buffer, _, done) => {
        const watched = this.watched;
        if (watched && (watched.bytes -= chunk.length) <= 0) {
          this.watched = undefined;
          void Promise.resolve(watched.then(gone)).then(() => done(null, chunk));
        } else done(null, chunk);
      },
    });
  }
}
