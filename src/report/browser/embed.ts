/*
 * `index.html?embed` shows only the matrix, for a frame in another page. Links open in a new tab.
 */
if (new URLSearchParams(location.search).has('embed')) {
  document.documentElement.dataset.embed = '';
  const base = document.createElement('base');
  base.target = '_blank';
  document.head.append(base);
}
