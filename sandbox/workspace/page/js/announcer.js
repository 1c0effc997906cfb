// @ts-check
// Says what happened to those who listen instead of look, a few things at a time.

const PAUSE = 400; // milliseconds in which what happens is gathered
const MOST = 3; // said in full; of more, only how many
const LONGEST = 240; // characters of one thing

/** @type {string[]} */
let waiting = [];
let timer = 0;

/** Has screen readers say `words` when they are free to. @param {string} words */
export function announce(words) {
  waiting.push(words.length > LONGEST ? `${words.slice(0, LONGEST)}…` : words);
  timer ||= setTimeout(speak, PAUSE);
}

function speak() {
  const said = waiting.slice(-MOST);
  const more = waiting.length - said.length;
  if (more > 0) said.unshift(`${more} more.`);
  waiting = [];
  timer = 0;
  const live = document.getElementById("live");
  const line = document.createElement("p");
  line.textContent = said.join(" ");
  live?.replaceChildren(line);
}
