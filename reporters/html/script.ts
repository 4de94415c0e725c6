/**
 * The page can be read without it: it adds the text search, the number of cases shown, the copy buttons, and opens
 * the case that the address names in browsers that do not do so by themselves.
 */
export const script = `'use strict';
const cases = [...document.querySelectorAll('.case')];
const groups = [...document.querySelectorAll('.group')];
const filters = document.getElementById('filters');
const search = document.getElementById('search');
const shown = document.getElementById('shown');
const none = document.getElementById('none');
let texts;

function apply() {
  const words = search.value.toLowerCase().split(/\\s+/).filter(Boolean);
  if (words.length > 0) texts ??= cases.map((one) => one.textContent.toLowerCase());
  for (const group of groups) group.hidden = false;
  cases.forEach((one, at) => {
    const hidden = !words.every((word) => texts[at].includes(word));
    if (one.hidden !== hidden) one.hidden = hidden;
  });
  const visible = cases.filter((one) => one.checkVisibility());
  const kept = new Set(visible.map((one) => one.parentElement));
  for (const group of groups) group.hidden = !kept.has(group);
  none.hidden = visible.length > 0;
  shown.textContent = visible.length + ' of ' + cases.length + ' shown';
}

function reset() {
  filters.reset();
  apply();
}

function openNamed() {
  let name = '';
  try {
    name = decodeURIComponent(location.hash.slice(1));
  } catch {
    return;
  }
  const named = document.getElementById(name);
  if (named === null) return;
  const hidden = [named.closest('section'), named.closest('.case')].some((one) => one?.checkVisibility() === false);
  if (hidden) reset();
  for (let one = named.closest('details'); one !== null; one = one.parentElement.closest('details')) one.open = true;
  const whole = named.closest('.case');
  (whole ?? named).scrollIntoView();
  whole?.querySelector('summary').focus({ preventScroll: true });
}

async function copy(button) {
  const text = button.parentElement.querySelector('pre');
  try {
    await navigator.clipboard.writeText(text.textContent);
    button.textContent = 'Copied';
  } catch {
    getSelection().selectAllChildren(text);
    button.textContent = 'Selected: copy it with the keyboard';
  }
}

document.querySelector('.search').hidden = false;
for (const button of document.querySelectorAll('[data-copy]')) button.hidden = false;
document.addEventListener('click', ({ target }) => {
  if (target.matches('[data-copy]')) copy(target);
});
filters.addEventListener('submit', (event) => event.preventDefault());
filters.addEventListener('input', apply);
filters.querySelector('[type=reset]').addEventListener('click', (event) => {
  event.preventDefault();
  reset();
});
addEventListener('hashchange', openNamed);
apply();
openNamed();
`;
