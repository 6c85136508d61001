// Presses the button of a confirmation for the reader who opened it: only in a page that is really
// shown, and only once a person could have seen it. Without scripts the button is there.
addEventListener("load", () => {
  const form = document.querySelector("form[data-send]");
  const send = () => document.visibilityState === "visible" && setTimeout(() => form.requestSubmit(), 600);
  if (!form) return;
  if (document.visibilityState === "visible") send();
  else document.addEventListener("visibilitychange", send, { once: true });
});
