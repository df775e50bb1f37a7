// A receiver of hints in Node, without any package. KEYS: what `POST /v1/webhooks` showed as `public_keys`.
import { createPublicKey, verify } from "node:crypto";
import { createServer } from "node:http";

const WINDOW_SECONDS = 300;
const LARGEST = 64 * 1024;
const keys = (process.env.KEYS ?? "").split(" ").map((key) => {
  if (!key.startsWith("whpk_")) throw new Error("set KEYS to the webhook's public keys, whpk_..., with spaces between");
  const x = Buffer.from(key.slice(5), "base64").toString("base64url");
  return createPublicKey({ format: "jwk", key: { kty: "OKP", crv: "Ed25519", x } });
});

export function check(headers, body, now = Date.now() / 1000) {
  const id = headers["webhook-id"] ?? "";
  const timestamp = headers["webhook-timestamp"] ?? "";
  if (!/^[!-~]{1,128}$/.test(id) || id.includes(".") || !/^[0-9]{1,11}$/.test(timestamp)) return null;
  if (Math.abs(now - Number(timestamp)) > WINDOW_SECONDS) return null;
  // The bytes as they came: JSON that was read and written again has another signature.
  const signed = Buffer.concat([Buffer.from(`${id}.${timestamp}.`), body]);
  const signatures = (headers["webhook-signature"] ?? "").split(" ").slice(0, 16)
    .filter((part) => part.startsWith("v1a,")).map((part) => Buffer.from(part.slice(4), "base64"));
  const fits = keys.some((key) => signatures.some((signature) => verify(null, signed, key, signature)));
  if (!fits) return null;
  try {
    const hint = JSON.parse(body.toString("utf8"));
    return hint.id === id ? hint : null;
  } catch {
    return null;
  }
}

function fetchChangesSoon() {
  // Have your follower of GET /v1/changes look now, instead of at its next turn. A hint says no more than that.
}

const server = createServer((request, response) => {
  const parts = [];
  let size = 0;
  request.on("data", (part) => {
    size += part.length;
    if (size > LARGEST) request.destroy();
    else parts.push(part);
  });
  request.on("end", () => {
    const hint = check(request.headers, Buffer.concat(parts));
    response.writeHead(hint ? 204 : 400).end();
    if (hint) fetchChangesSoon();
  });
});
server.listen(Number(process.env.PORT ?? 8090), "127.0.0.1", () => console.log(server.address().port));
