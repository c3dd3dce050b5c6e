/* At a terminal in the hall: 60 seconds without a touch end the session; the last 15 are counted down.
   Every touch is told to the server within five seconds, so that filling in a long page does not end it.
   The server ends it by its own clock as well; without script a refresh does (templates/includes/kiosk.html). */
(() => {
  "use strict";
  const bar = document.getElementById("kiosk");
  const warning = document.getElementById("kiosk-warning");
  const left = document.getElementById("kiosk-left");
  if (!bar || !warning) return;
  const IDLE = Number(bar.dataset.idle) * 1000, WARN = 15 * 1000, TELL = 5 * 1000;
  const ending = document.getElementById("kiosk-end");
  let used = Date.now(), told = used, timer = 0, over = false;

  const finish = () => {
    if (over) return;
    over = true;
    ending.requestSubmit();
  };

  const tell = async () => {
    timer = 0;
    told = Date.now();
    const token = ending.querySelector("[name=csrfmiddlewaretoken]").value;
    try {
      const answer = await fetch(bar.dataset.stay, {method: "POST", headers: {"X-CSRFToken": token}, redirect: "manual"});
      // Ended already, by the server's clock or in another window: a redirect to the first page.
      if (answer.type === "opaqueredirect") finish();
    } catch {
      // The network may be back before the minute is over; if not, the server ends the session.
    }
  };

  const touched = event => {
    // Gone at the first touch, the warning would let the finger's click fall on what lies under it.
    if (event.type === "pointerdown" && warning.contains(event.target)) return;
    used = Date.now();
    warning.hidden = true;
    if (!timer) timer = setTimeout(tell, Math.max(0, told + TELL - used));
  };

  for (const kind of ["pointerdown", "keydown", "input", "scroll"]) addEventListener(kind, touched, {capture: true, passive: true});
  warning.querySelector("button").addEventListener("click", touched);
  setInterval(() => {
    const rest = used + IDLE - Date.now();
    if (rest <= 0) return finish();
    if (rest <= WARN) left.textContent = Math.ceil(rest / 1000);
    warning.hidden = rest > WARN;
  }, 250);
  // A page that the browser kept from before the end.
  addEventListener("pageshow", event => { if (event.persisted) location.reload(); });
})();
