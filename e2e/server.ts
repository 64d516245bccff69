import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test as base } from "@playwright/test";

const binary = join(import.meta.dirname, "..", "bin", "statehouse");

/** One running binary with a data folder of its own, that can be killed and started again on the same port. */
export class Server {
  readonly data = mkdtempSync(join(tmpdir(), "statehouse-e2e-"));
  private process: ChildProcess | null = null;
  private log = "";

  private constructor(readonly port: number) {}

  static async start(): Promise<Server> {
    const server = new Server(await freePort());
    await server.start();
    return server;
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  /** Starts the binary and waits until it says that it is ready. */
  async start(): Promise<void> {
    const child = spawn(binary, ["serve", "--addr", `127.0.0.1:${this.port}`, "--data", this.data], {
      stdio: ["ignore", "pipe", "pipe"],
    });
    this.process = child;
    child.stderr?.on("data", (chunk) => {
      this.log += chunk;
    });
    await new Promise<void>((resolve, reject) => {
      child.stdout?.on("data", (chunk) => String(chunk).includes("ready") && resolve());
      child.once("exit", (code) => reject(new Error(`the server ended with ${code}:\n${this.log}`)));
      child.once("error", reject);
    });
  }

  /** Ends the server as a power cut would. */
  async kill(): Promise<void> {
    await this.end("SIGKILL");
  }

  async dispose(): Promise<void> {
    await this.end("SIGKILL");
    rmSync(this.data, { recursive: true, force: true });
  }

  private async end(signal: NodeJS.Signals): Promise<void> {
    const child = this.process;
    this.process = null;
    if (!child || child.exitCode !== null) return;
    const ended = new Promise((resolve) => child.once("exit", resolve));
    child.kill(signal);
    await ended;
  }

  /** One call of the AWS API, as any client sends it. */
  async aws<T = Record<string, unknown>>(operation: string, input: object): Promise<T> {
    const now = `${new Date().toISOString().replace(/[-:]/g, "").slice(0, 15)}Z`;
    const answer = await fetch(`${this.url}/`, {
      method: "POST",
      headers: {
        "Content-Type": "application/x-amz-json-1.0",
        "X-Amz-Target": `AWSStepFunctions.${operation}`,
        "X-Amz-Date": now,
        Authorization: `AWS4-HMAC-SHA256 Credential=local/${now.slice(0, 8)}/us-east-1/states/aws4_request, SignedHeaders=host, Signature=00`,
      },
      body: JSON.stringify(input),
    });
    const body = await answer.json();
    if (!answer.ok) throw new Error(`${operation}: ${body.__type} ${body.message}`);
    return body as T;
  }
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once("error", reject);
    probe.listen(0, "127.0.0.1", () => {
      const address = probe.address();
      probe.close(() =>
        address && typeof address === "object" ? resolve(address.port) : reject(new Error("no port")),
      );
    });
  });
}

/** test with a fresh server of its own; `page` starts at its address. */
export const test = base.extend<{ server: Server }>({
  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the fixtures' names from a pattern
  server: async ({}, use) => {
    const server = await Server.start();
    await use(server);
    await server.dispose();
  },
  baseURL: async ({ server }, use) => use(server.url),
});

export { expect } from "@playwright/test";
