/* While files go up: how far they are, and a word when they did not arrive. Without script the page does all of it. */
(() => {
  "use strict";
  const part = (event, name) => event.target.closest?.("form.paper__upload")?.querySelector(name);

  document.addEventListener("htmx:beforeSend", (event) => {
    const bar = part(event, ".paper__progress"), failed = part(event, ".paper__failed");
    if (failed) failed.hidden = true;
    if (bar) { bar.value = 0; bar.hidden = false; }
  });
  document.addEventListener("htmx:xhr:progress", (event) => {
    const bar = part(event, ".paper__progress");
    if (bar && event.detail.lengthComputable) bar.value = 100 * event.detail.loaded / event.detail.total;
  });
  const over = (event, wrong) => {
    const bar = part(event, ".paper__progress"), failed = part(event, ".paper__failed");
    if (bar) bar.hidden = true;
    if (failed) failed.hidden = !wrong;
  };
  document.addEventListener("htmx:afterRequest", (event) => over(event, !event.detail.successful));
  document.addEventListener("htmx:sendError", (event) => over(event, true));
  document.addEventListener("htmx:sendAbort", (event) => over(event, false));
})();
