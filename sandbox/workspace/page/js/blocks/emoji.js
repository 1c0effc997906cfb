// @ts-check
// The emoji that people write by name, `:sailboat:`; a name that is not here stays text.
// Kept as one line of words a group, so that adding one is adding two words.

import { h } from "../dom.js";

const NAMES = `
  smile 😄 grinning 😀 smiley 😃 grin 😁 laughing 😆 joy 😂 slightly_smiling_face 🙂 wink 😉 blush 😊
  heart_eyes 😍 sunglasses 😎 thinking_face 🤔 neutral_face 😐 confused 😕 cry 😢 sob 😭 angry 😠
  scream 😱 sleeping 😴 partying_face 🥳 exploding_head 🤯 face_with_monocle 🧐 wave 👋 raised_hand ✋
  ok_hand 👌 +1 👍 thumbsup 👍 -1 👎 thumbsdown 👎 clap 👏 pray 🙏 muscle 💪 raised_hands 🙌 eyes 👀
  point_right 👉 point_left 👈 point_up ☝️ point_down 👇 handshake 🤝 writing_hand ✍️
  bust_in_silhouette 👤 busts_in_silhouette 👥 heart ❤️ broken_heart 💔 star ⭐ sparkles ✨ fire 🔥
  boom 💥 tada 🎉 gift 🎁 white_check_mark ✅ heavy_check_mark ✔️ ballot_box_with_check ☑️ x ❌
  negative_squared_cross_mark ❎ heavy_multiplication_x ✖️ warning ⚠️ exclamation ❗ question ❓
  grey_question ❔ no_entry ⛔ no_entry_sign 🚫 octagonal_sign 🛑 rotating_light 🚨
  information_source ℹ️ bangbang ‼️ bell 🔔 no_bell 🔕 hourglass ⌛ hourglass_flowing_sand ⏳
  stopwatch ⏱️ alarm_clock ⏰ clock1 🕐 clock3 🕒 watch ⌚ repeat 🔁 arrows_counterclockwise 🔄
  recycle ♻️ arrow_right ➡️ arrow_left ⬅️ arrow_up ⬆️ arrow_down ⬇️ arrow_forward ▶️
  double_vertical_bar ⏸️ black_square_for_stop ⏹️ fast_forward ⏩ red_circle 🔴
  large_orange_circle 🟠 large_yellow_circle 🟡 large_green_circle 🟢 large_blue_circle 🔵
  large_purple_circle 🟣 white_circle ⚪ black_circle ⚫ large_green_square 🟩 large_red_square 🟥
  sailboat ⛵ boat ⛵ motor_boat 🛥️ speedboat 🚤 ship 🚢 ferry ⛴️ anchor ⚓ ocean 🌊 beach_umbrella ⛱️
  sunny ☀️ sun_behind_cloud ⛅ cloud ☁️ rain_cloud 🌧️ zap ⚡ wind_blowing_face 🌬️ rainbow 🌈 moon 🌔
  fish 🐟 dolphin 🐬 whale 🐳 island 🏝️ desert_island 🏝️ wheel_of_dharma ☸️ lifebuoy 🛟 ring_buoy 🛟
  champagne 🍾 clinking_glasses 🥂 beers 🍻 coffee ☕ pizza 🍕 cake 🍰 birthday 🎂 ice_cube 🧊
  calendar 📆 date 📅 spiral_calendar_pad 🗓️ email 📧 e-mail 📧 envelope ✉️ incoming_envelope 📨
  inbox_tray 📥 outbox_tray 📤 mailbox 📫 phone ☎️ telephone_receiver 📞 iphone 📱 computer 💻 link 🔗
  paperclip 📎 pushpin 📌 round_pushpin 📍 memo 📝 pencil 📝 pencil2 ✏️ clipboard 📋 page_facing_up 📄
  file_folder 📁 open_file_folder 📂 card_index_dividers 🗂️ wastebasket 🗑️ lock 🔒 unlock 🔓 key 🔑
  mag 🔍 mag_right 🔎 bulb 💡 gear ⚙️ wrench 🔧 hammer 🔨 hammer_and_wrench 🛠️ broom 🧹 soap 🧼
  camera 📷 movie_camera 🎥 microphone 🎤 speech_balloon 💬 thought_balloon 💭 loudspeaker 📢 mega 📣
  moneybag 💰 dollar 💵 credit_card 💳 receipt 🧾 bar_chart 📊 chart_with_upwards_trend 📈 globe 🌐
  globe_with_meridians 🌐 earth_americas 🌎 world_map 🗺️ car 🚗 airplane ✈️ house 🏠 office 🏢
  robot_face 🤖 skull 💀 bug 🐛 construction 🚧 traffic_light 🚦 checkered_flag 🏁 white_flag 🏳️
  triangular_flag_on_post 🚩 rocket 🚀 trophy 🏆 medal 🏅 100 💯 copyright ©️ tm ™️ heavy_plus_sign ➕
  heavy_minus_sign ➖ one 1️⃣ two 2️⃣ three 3️⃣ four 4️⃣ five 5️⃣ six 6️⃣ seven 7️⃣ eight 8️⃣
  nine 9️⃣ zero 0️⃣
`;

const TABLE = new Map();
const WORDS = NAMES.trim().split(/\s+/);
for (let at = 0; at < WORDS.length; at += 2) TABLE.set(WORDS[at], WORDS[at + 1]);

/** The picture's characters, or null for a name that nobody knows here. */
export function emojiFor(name) {
  return TABLE.get(String(name).split("::")[0]) ?? null;
}

/** A named emoji as a node, its name readable aloud; an unknown one as the text it was. */
export function emojiNode(name, unicode = null) {
  const shown = emojiFor(name) ?? fromCodePoints(unicode);
  if (!shown) return document.createTextNode(`:${name}:`);
  const label = name.replaceAll("_", " ");
  return h("span", { class: "bk-emoji", role: "img", "aria-label": label, text: shown });
}

/** Text in which `:names:` have become characters. */
export function withEmoji(text) {
  return text.replace(/:([a-z0-9_+'-]{1,60}):/g, (whole, name) => emojiFor(name) ?? whole);
}

/** Slack writes an emoji's characters as hexadecimal numbers: "1f6a9" or "1f468-200d-1f469". */
function fromCodePoints(unicode) {
  if (!unicode || !/^[0-9a-f]{1,6}(-[0-9a-f]{1,6})*$/i.test(unicode)) return null;
  const points = unicode.split("-").map((part) => Number.parseInt(part, 16));
  return points.every((point) => point <= 0x10ffff) ? String.fromCodePoint(...points) : null;
}
