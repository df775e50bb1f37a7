import { createInterface } from "node:readline";
const { Sidecar } = await import(process.argv[2]);
for await (const line of createInterface({ input: process.stdin })) {
  const { where, token, call, given } = JSON.parse(line);
  const began = Date.now();
  let said = "refused";
  try {
    const sidecar = new Sidecar(where, token, 700);
    said = await sidecar[call](...given);
    if (call === "visible") said.would_hide = said.wouldHide;
  } catch {}
  console.log(JSON.stringify(said), Date.now() - began);
}
