// @ts-check
/**
 * What must be known before the first paint: the theme that was chosen, and that
 * scripts run (`.js` on the root). A classic script, loaded in the head.
 * It also tells the server the reader's time zone, for the next page.
 */
(function () {
  var root = document.documentElement;
  root.classList.add('js');

  /** @returns {'light' | 'dark' | 'system'} */
  function chosen() {
    try {
      var value = localStorage.getItem('parley.theme');
      return value === 'light' || value === 'dark' ? value : 'system';
    } catch {
      return 'system';
    }
  }

  /** @param {string} theme */
  function show(theme) {
    if (theme === 'light' || theme === 'dark') root.dataset.theme = theme;
    else delete root.dataset.theme;
    document.querySelectorAll('input[name="theme"]').forEach(function (input) {
      /** @type {HTMLInputElement} */ (input).checked = /** @type {HTMLInputElement} */ (input).value === theme;
    });
  }

  /** @param {string} theme */
  function choose(theme) {
    show(theme);
    try {
      localStorage.setItem('parley.theme', theme);
    } catch {
      // Private windows may forbid storage: the choice then lasts for this page.
    }
  }

  function isDark() {
    return root.dataset.theme ? root.dataset.theme === 'dark' : matchMedia('(prefers-color-scheme: dark)').matches;
  }

  show(chosen());
  document.addEventListener('DOMContentLoaded', function () { show(chosen()); });
  addEventListener('storage', function (event) { if (event.key === 'parley.theme') show(chosen()); });
  document.addEventListener('click', function (event) {
    var target = /** @type {Element} */ (event.target);
    if (target.closest && target.closest('[data-theme-toggle]')) choose(isDark() ? 'light' : 'dark');
  });
  document.addEventListener('change', function (event) {
    var input = /** @type {HTMLInputElement} */ (event.target);
    if (input.name === 'theme' && input.type === 'radio') choose(input.value);
  });

  try {
    var zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
    document.cookie = 'tz=' + zone + '; path=/; max-age=31536000; samesite=lax';
  } catch {
    // Times are then shown in UTC.
  }
})();
