// Asks the sidecar on this machine what may be shown: Node 18 or later, no package. Copy it into your forum.
//
//   const sidecar = new Sidecar("/run/hcp-governance/sidecar.sock", token);   // or "http://127.0.0.1:8091"
//   const page = await sidecar.visible(viewer, posts.map((post) => ({ id: post.id, author: post.author,
//     community: post.forum, thread: post.thread, created: post.created, edited: post.edited })));
//   show(posts.filter((post) => page.visible.includes(post.id)));
//
// Ids are strings, times are RFC 3339 with their zone, who else is quoted goes into an item's `authors`; at most 1,000
// items a call. Of `emergency` show the lines of your country and language. Whatever is no plain answer to this very
// question shows nothing and permits nothing.
import { randomUUID } from "node:crypto";
import { request } from "node:http";

const LARGEST = 1024 * 1024;
const TOKENS = /"[^"\\]*(?:\\.[^"\\]*)*"|[{}[\]:,]|-?[0-9][0-9.eE+-]*|true|false|null|[ \t\r\n]+/gs;

export class Sidecar {
  #where;
  #token;
  #milliseconds;

  constructor(where, token, milliseconds = 1000) {
    this.#where = where.startsWith("/") ? { socketPath: where } : loopback(where);
    this.#token = token;
    this.#milliseconds = milliseconds;
  }

  // Which items the viewer may see (or do `action` to), how many not, and whom to call where something is hidden.
  // `wouldHide` counts what is still shown because a community only observes so far.
  async visible(viewer, items, action = "view") {
    const told = await this.#ask("/visible", { viewer, action, items });
    const left = new Set(items.map((item) => item.id));
    const ours = Array.isArray(told?.visible) && told.visible.every((id) => left.delete(id));
    if (!ours || told.hidden !== left.size) return { visible: [], hidden: items.length, wouldHide: 0, emergency: [] };
    const emergency = Array.isArray(told.emergency) ? told.emergency : [];
    const wouldHide = Number.isInteger(told.would_hide) ? told.would_hide : 0;
    return { visible: told.visible, hidden: left.size, wouldHide, emergency };
  }

  // Whether the viewer may do one thing: may("dan", "message", { type: "user", id: "ana" }).
  async may(viewer, action, resource) {
    const question = { subject: { type: "user", id: viewer }, action: { name: action }, resource };
    const told = await this.#ask("/access/v1/evaluation", question);
    return told?.decision === true;
  }

  async #ask(path, question) {
    try {
      const id = randomUUID();
      const body = Buffer.from(JSON.stringify(question));
      const reply = await this.#send(path, id, body);
      const type = String(reply.headers["content-type"]).split(";")[0].trim().toLowerCase();
      const plain = reply.statusCode === 200 && type === "application/json";
      // Somebody else's answer, handed out by what stands between, is none.
      return plain && reply.headers["x-request-id"] === id ? readObject(reply.body) : null;
    } catch {
      return null;
    }
  }

  #send(path, id, body) {
    const headers = {
      Authorization: `Bearer ${this.#token}`, "Content-Type": "application/json",
      "Content-Length": body.length, "X-Request-ID": id,
    };
    const signal = AbortSignal.timeout(this.#milliseconds);
    return new Promise((resolve, reject) => {
      const asking = request({ ...this.#where, path, method: "POST", headers, signal, agent: false }, (reply) => {
        const parts = [];
        let size = 0;
        reply.on("error", reject);
        reply.on("data", (part) => {
          size += part.length;
          if (size > LARGEST) asking.destroy(new Error("too large"));
          parts.push(part);
        });
        reply.on("end", () => {
          resolve({ statusCode: reply.statusCode, headers: reply.headers, body: Buffer.concat(parts) });
        });
      });
      asking.on("error", reject).end(body);
    });
  }
}

function loopback(url) {
  const { protocol, hostname, port } = new URL(url);
  if (protocol !== "http:" || !["127.0.0.1", "[::1]", "localhost"].includes(hostname)) {
    throw new Error("give the sidecar's socket as /path, or http://127.0.0.1:PORT");
  }
  return { hostname: hostname.replace(/[[\]]/g, ""), port };
}

function readObject(bytes) {
  const text = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  const told = JSON.parse(text);
  return text.trimStart().startsWith("{") && namesOnce(text) ? told : null;
}

// JSON.parse takes the last of two members of one name, another program the first: who is right?
function namesOnce(text) {
  const tokens = text.match(TOKENS) ?? [];
  const open = [];
  let last = "";
  for (const token of tokens) {
    if (token === "{" || token === "[") open.push(new Set());
    else if (token === "}" || token === "]") open.pop();
    else if (token === ":") {
      const name = JSON.parse(last);
      if (open.at(-1).has(name)) return false;
      open.at(-1).add(name);
    } else if (token.startsWith('"')) last = token;
  }
  return tokens.join("") === text;
}
