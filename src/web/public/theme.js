// Before the first paint: a theme that was chosen, else the system's.
try {
  const theme = localStorage.getItem('tallyhook-theme');
  if (theme === 'light' || theme === 'dark') document.documentElement.dataset.theme = theme;
} catch {
  // No storage: the system's.
}
