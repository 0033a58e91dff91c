// Runs before anything is drawn, so that the stored theme never flashes in the other one.
(() => {
  let theme = "system";
  try {
    theme = localStorage.getItem("deltaboard.theme") ?? "system";
  } catch {
    // Storage may be forbidden; the system's theme is then as good as any.
  }
  const dark = theme === "dark" || (theme !== "light" && matchMedia("(prefers-color-scheme: dark)").matches);
  document.documentElement.dataset.theme = dark ? "dark" : "light";
})();
