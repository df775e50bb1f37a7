/* Leaves this page at once: by its link, or by the Shift key three times within five seconds. The page is blank before
   the next one comes, and its place in the history is taken. Without this script the link alone does it. It fetches
   nothing and keeps nothing. */
"use strict";

(() => {
  const link = document.querySelector("a[data-leave]");
  if (!link) return;

  const leave = () => {
    document.documentElement.hidden = true;
    document.title = "";
    window.location.replace(link.href);
  };

  link.addEventListener("click", (event) => {
    event.preventDefault();
    leave();
  });

  let presses = [];
  document.addEventListener("keyup", (event) => {
    if (event.key !== "Shift") {
      presses = [];
      return;
    }
    const now = Date.now();
    presses = [...presses.filter((at) => now - at < 5000), now];
    if (presses.length >= 3) leave();
  });

  // Who comes back by the browser's own memory of the page must not see it again.
  window.addEventListener("pageshow", (event) => {
    if (event.persisted) window.location.reload();
  });
})();
