/* Makes or uses a passkey, then sends the form as any other. Without it, or where the
   browser knows no passkeys, the page offers the PIN. It fetches nothing and keeps nothing. */
"use strict";

(() => {
  const form = document.querySelector("form[data-passkey]");
  if (!window.PublicKeyCredential || !navigator.credentials) return;

  const show = (mark, wanted) => document.querySelectorAll(`[data-${mark}]`).forEach((part) => { part.hidden = !wanted; });
  show("with-passkeys", true);
  show("without-passkeys", false);
  if (!form) return;

  const bytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (sign) => sign.charCodeAt(0));
  const text = (buffer) => btoa(String.fromCharCode(...new Uint8Array(buffer)))
    .replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
  const known = (list) => (list || []).map((one) => ({ ...one, id: bytes(one.id) }));

  const ask = () => {
    const asked = JSON.parse(form.dataset.passkey);
    const publicKey = { ...asked, challenge: bytes(asked.challenge) };
    if (!asked.user) return navigator.credentials.get({ publicKey: { ...publicKey, allowCredentials: known(asked.allowCredentials) } });
    const user = { ...asked.user, id: bytes(asked.user.id) };
    return navigator.credentials.create({ publicKey: { ...publicKey, user, excludeCredentials: known(asked.excludeCredentials) } });
  };

  const answerOf = (credential) => {
    const response = {};
    for (const name of ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"]) {
      if (credential.response[name]) response[name] = text(credential.response[name]);
    }
    return JSON.stringify({ id: credential.id, rawId: text(credential.rawId), type: credential.type, response });
  };

  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    show("passkey-failed", false);
    try {
      form.elements.credential.value = answerOf(await ask());
    } catch {
      // Whoever closes the window of their device, or has no passkey on it, is told what else they can do.
      show("passkey-failed", true);
      return;
    }
    form.submit();
  });
})();
