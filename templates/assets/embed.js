/* `index.html?embed` is for another page's frame: the matrix alone, its links open beside that page. */
(() => {
  if (!new URLSearchParams(location.search).has('embed')) return;
  document.documentElement.dataset.embed = '';
  const base = document.createElement('base');
  base.target = '_blank';
  document.head.append(base);
})();
