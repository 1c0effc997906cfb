// @ts-check
// The app's Home tab: the view that the app published for the person acted as.

import { api } from "./api.js";
import { avatar } from "./author.js";
import { keepPlace } from "./blocks/focus.js";
import { fieldName } from "./blocks/form.js";
import { stateOf } from "./blocks/held.js";
import { renderBlocks } from "./blocks/render.js";
import { h, replace } from "./dom.js";
import { toastError } from "./toast.js";

const NOTHING = "Nothing is here yet.";
const WHEN = "The app fills this page a moment after you open it.";

/**
 * Draws Home into `container` whenever it is what is looked at.
 * @param {HTMLElement} container @param {any} store
 */
export function mountHome(container, store) {
  let drawn = "";
  let visitor = "";
  const isHere = () => store.state.view.place === "home";
  const draw = () => {
    const { me, home } = store.state;
    const key = `${me} ${home?.id} ${home?.hash}`;
    if (!isHere() || (key === drawn && container.hasChildNodes())) return;
    drawn = key;
    const back = keepPlace(container);
    replace(container, head(store.state), content(store.state));
    back();
  };
  const enter = () => {
    const { me } = store.state;
    if (isHere() && me && visitor !== me) tellApp();
    visitor = isHere() ? me : "";
    draw();
  };
  for (const kind of ["view", "me", "all"]) store.subscribe(kind, enter);
  store.subscribe("home", draw);
  enter();
}

/** Tells the app that its Home is looked at, as Slack does. */
async function tellApp() {
  try {
    await api.act("open_home");
  } catch (failure) {
    toastError(failure);
  }
}

/** @param {any} state */
function head({ app }) {
  const name = h("h2", { class: "home-name", text: app.name });
  const tab = h("p", { class: "home-tab", text: "Home" });
  return h("header", { class: "home-head" }, avatar(app.user), name, tab);
}

/** @param {any} state */
function content(state) {
  if (!state.home) {
    const words = [h("p", { text: NOTHING }), h("p", { class: "home-when", text: WHEN })];
    return h("div", { class: "home-empty" }, ...words);
  }
  const context = {
    surface: "home",
    state,
    idPrefix: "home",
    values: state.home.state?.values,
    press,
  };
  return h("div", { class: "home-body" }, renderBlocks(state.home.blocks, context));
}

/** @param {any} element @param {any} block @param {any} value */
function press(element, block, value) {
  if (stateOf(element, null)) {
    return api.act("fill", { values: { [fieldName(block, element)]: value } });
  }
  const which = { action: element.action_id, block: block.block_id };
  return api.act("press", { ...which, option: value });
}
