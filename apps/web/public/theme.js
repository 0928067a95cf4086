// Runs before the first paint, as a file of its own because the Content-Security-Policy allows no inline script.
// Keep in step with src/components/theme.ts.
(function () {
  var choice = null;
  try {
    choice = localStorage.getItem("telltale.theme");
  } catch {
    // Storage may be switched off; the system's theme is used.
  }
  var dark = choice === "dark" || (choice !== "light" && matchMedia("(prefers-color-scheme: dark)").matches);
  document.documentElement.dataset.theme = dark ? "dark" : "light";
})();
