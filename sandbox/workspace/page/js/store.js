// @ts-check
// What the page knows of the workspace, as the person acted as sees it; tells who listens.

/** @typedef {Record<string, any>} Json */

const NOBODY = { id: "", name: "", real_name: "Somebody", is_bot: false, role: "" };
/** @type {Map<string, Set<Function>>} */
const listeners = new Map();
/** @type {(user: string) => Promise<void>} */
let switchTo = async () => {};

/** @type {any} */
const state = {
  me: "",
  team: { id: "", name: "" },
  app: { name: "", user: "", commands: [], shortcuts: [] },
  people: new Map(),
  groups: new Map(),
  channels: new Map(),
  ephemerals: [],
  home: null,
  modal: null,
  bot: { state: "starting", connections: 0, pid: null },
  view: { place: "", thread: null, focus: null },
  live: true,
};

export const store = {
  state,

  /**
   * Calls `fn` after changes of one kind: messages (channelId, ts or null for all of them),
   * ephemerals, modal, home, bot, world, view, me, live; and all: a new snapshot was taken, which
   * is told to every other kind first.
   * @param {string} kind @param {Function} fn @returns {() => void} ends it
   */
  subscribe(kind, fn) {
    const heard = listeners.get(kind) ?? new Set();
    listeners.set(kind, heard.add(fn));
    return () => heard.delete(fn);
  },

  /** Applies changes as the stream tells them. @param {Json[]} changes */
  dispatch(changes) {
    const told = changes.map((change) => CHANGES[change.kind]?.(change)).filter(Boolean);
    const once = new Map(told.map((each) => [each.join("\n"), each]));
    for (const [kind, ...about] of once.values()) emit(kind, ...about);
  },

  /** Takes over a snapshot. @param {Json} snapshot */
  load(snapshot) {
    const { me, team, app, ephemerals, home, modal, bot } = snapshot;
    const who = state.me;
    Object.assign(state, { me, team, app, ephemerals, home, modal, bot });
    state.people = byId(snapshot.people);
    state.groups = byId(snapshot.groups);
    state.channels = byId(snapshot.channels.map(withMap));
    if (who !== me) emit("me");
    for (const id of state.channels.keys()) emit("messages", id, null);
    for (const kind of ["ephemerals", "modal", "home", "bot", "world", "all"]) emit(kind);
  },

  /** Sees the workspace as another person. @param {string} user @returns {Promise<void>} */
  actAs(user) {
    return switchTo(user);
  },

  /** Who takes the snapshot of another person. @param {(user: string) => Promise<void>} fn */
  onActAs(fn) {
    switchTo = fn;
  },

  /**
   * Goes somewhere: `place` is "home" or a channel, `thread` the ts of an open thread, `focus`
   * the ts of a message to bring into sight.
   * @param {{place?: string, thread?: string | null, focus?: string | null}} where
   */
  show(where) {
    const elsewhere = where.place !== undefined && where.place !== state.view.place;
    const base = elsewhere ? { thread: null } : state.view;
    state.view = { ...state.view, ...base, focus: null, ...where };
    emit("view");
  },

  /** @param {boolean} live */
  setLive(live) {
    if (state.live === live) return;
    state.live = live;
    emit("live");
  },

  /** @param {string} id @returns {any} a person, or somebody unknown */
  person(id) {
    return state.people.get(id) ?? { ...NOBODY, id };
  },

  /** @returns {any} the channel shown, undefined for Home */
  channel() {
    return state.channels.get(state.view.place);
  },
};

/** Each applies one change, and says whom to tell. @type {Record<string, (c: Json) => any>} */
const CHANGES = {
  message: ({ channel, message }) => {
    const messages = state.channels.get(channel)?.messages;
    if (!messages) return null;
    const late = !messages.has(message.ts) && before(message.ts, [...messages.keys()].pop());
    messages.set(message.ts, message);
    if (late) state.channels.get(channel).messages = sorted(messages.values());
    return ["messages", channel, message.ts];
  },
  message_gone: ({ channel, ts }) =>
    state.channels.get(channel)?.messages.delete(ts) && ["messages", channel, ts],
  ephemeral: ({ message }) => {
    const others = state.ephemerals.filter((/** @type {Json} */ each) => each.ts !== message.ts);
    state.ephemerals = [...others, message];
    return ["ephemerals"];
  },
  ephemeral_gone: ({ ts }) => {
    state.ephemerals = state.ephemerals.filter((/** @type {Json} */ each) => each.ts !== ts);
    return ["ephemerals"];
  },
  modal: ({ view }) => {
    state.modal = view;
    return ["modal"];
  },
  home: ({ view }) => {
    state.home = view;
    return ["home"];
  },
  bot: ({ bot }) => {
    state.bot = bot;
    return ["bot"];
  },
  world: () => ["world"],
};

/** @param {string} kind @param {...any} about */
function emit(kind, ...about) {
  for (const fn of [...(listeners.get(kind) ?? [])]) fn(...about);
}

/** @param {Json} channel */
function withMap(channel) {
  return { ...channel, messages: sorted(channel.messages) };
}

/** @param {Iterable<Json>} messages @returns {Map<string, Json>} by ts, oldest first */
function sorted(messages) {
  const all = [...messages].sort((one, two) => Number(one.ts) - Number(two.ts));
  return new Map(all.map((message) => [message.ts, message]));
}

/** @param {string} ts @param {string | undefined} last */
function before(ts, last) {
  return last !== undefined && Number(ts) < Number(last);
}

/** @param {Json[]} things @returns {Map<string, any>} */
function byId(things) {
  return new Map(things.map((each) => [each.id, each]));
}
